/** Deadlines as instants, durations as text, and waits of a process that may stand still itself. */
package dev.neurontp.harness.time;
