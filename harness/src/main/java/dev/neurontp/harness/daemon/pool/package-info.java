/** The pools of a daemon: one operation at a time on each, proof that they answer, and what is known of their end. */
package dev.neurontp.harness.daemon.pool;
