/** Measurements of the leader, which a command line can run. */
package dev.neurontp.harness.bench;
