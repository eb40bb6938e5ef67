/** What happened, in order, kept for a while. */
package dev.neurontp.harness.daemon.event;
