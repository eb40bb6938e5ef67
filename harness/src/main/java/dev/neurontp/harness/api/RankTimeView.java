package dev.neurontp.harness.api;

/** How long one rank took. */
public record RankTimeView(int rank, long pid, double tookMs) {}
