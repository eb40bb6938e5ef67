package dev.neurontp.ops.client;

import java.time.Instant;

/** One line that a rank wrote to stderr. */
public record LogLine(long seq, Instant time, int rank, String text) {}
