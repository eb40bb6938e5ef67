package dev.neurontp.harness.pool;

import java.time.Duration;

/**
 * How long one rank took.
 *
 * @param pid of the worker, or of the leader for a rank 0 in its process
 * @param took from writing its frame to reading its reply
 */
public record RankTime(int rank, long pid, Duration took) {}
