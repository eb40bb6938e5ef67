/** Deadlines as instants, durations as text, waits that go on whoever interrupts, and those of a process that may stand still itself. */
package dev.neurontp.harness.time;
