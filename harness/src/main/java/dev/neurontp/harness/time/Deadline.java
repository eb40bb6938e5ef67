package dev.neurontp.harness.time;

import java.time.Duration;

/**
 * An instant that is handed down, so that an inner wait takes what is left of the outer one. Measured on the monotonic
 * clock: a change of the wall clock moves nothing. Immutable.
 */
public final class Deadline {
    private final long startNanos;
    private final Duration limit;

    private Deadline(long startNanos, Duration limit) {
        this.startNanos = startNanos;
        this.limit = limit;
    }

    /** A deadline that begins now. */
    public static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime(), limit);
    }

    /** How long it was when it began. */
    public Duration limit() {
        return limit;
    }

    /** Time since it began. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /** Nanoseconds that are left, 0 when it has passed. */
    public long remainingNanos() {
        return Math.max(0, limit.toNanos() - (System.nanoTime() - startNanos));
    }

    public boolean expired() {
        return remainingNanos() == 0;
    }

    /** A step inside this deadline: {@code step} long, or what is left here if that is less. */
    public Deadline within(Duration step) {
        Duration left = Duration.ofNanos(remainingNanos());
        return in(step.compareTo(left) < 0 ? step : left);
    }
}
