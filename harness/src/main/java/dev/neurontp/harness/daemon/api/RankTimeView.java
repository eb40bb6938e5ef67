package dev.neurontp.harness.daemon.api;

/** How long one rank took. */
public record RankTimeView(int rank, long pid, double tookMs) {}
