package dev.neurontp.harness.api;

import java.time.Instant;

/** One line that a worker wrote to stderr. */
public record LogLine(long seq, Instant time, int rank, String text) {}
