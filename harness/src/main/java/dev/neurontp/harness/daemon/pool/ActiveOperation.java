package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * The operation that is under way on a pool.
 *
 * @param id empty for a ping that the daemon sends by itself
 * @param limit how long it may take; at least 1 ms
 */
public record ActiveOperation(OperationKind kind, Optional<String> id, Duration elapsed, Duration limit) {
    /** For a person: {@code init, 12 s of 120 s}. */
    public String text() {
        return kind.label() + ", " + Durations.seconds(elapsed) + " of " + Math.max(1, limit.toSeconds()) + " s";
    }
}
