/** Deadlines as instants, and durations as text. */
package dev.neurontp.harness.time;
