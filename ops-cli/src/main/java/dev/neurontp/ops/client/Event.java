package dev.neurontp.ops.client;

import java.time.Instant;

/** Something that happened to a pool; all but the first three fields may be {@code null}. */
public record Event(
        String id,
        Instant time,
        String type,
        String pool,
        String state,
        Integer rank,
        Long pid,
        String op,
        String reason,
        Pool.RankEnd end,
        Double tookMs,
        Long count) {}
