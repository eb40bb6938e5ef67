/** Drives one worker process through its raw pipes: bytes in, lines out, and how it ended. */
package dev.neurontp.conformance.process;
