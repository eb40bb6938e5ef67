package dev.neurontp.harness.daemon.event;

import java.time.Instant;
import java.util.Optional;

/**
 * One event of a daemon.
 *
 * @param id {@code INSTANCE-SEQ}
 * @param seq counts the events of this daemon, from 1
 * @param pool which pool it is about; empty for the daemon itself
 */
public record Event(String id, long seq, Instant time, Optional<Subject> pool, EventData data) {
    private static final int WITHOUT_TEXT = 256;

    /** A pool by its id and its number among the pools of its daemon. */
    public record Subject(String pool, int epoch) {}

    /** What it holds in memory, roughly, in characters: its text, and as much again as an event without text has. */
    long weight() {
        return WITHOUT_TEXT + data.textLength();
    }
}
