package dev.neurontp.conformance.process;

import java.time.Duration;

/** An instant after which nobody waits any more. */
public final class Deadline {

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** So far from now. */
    public static Deadline in(Duration left) {
        return new Deadline(System.nanoTime() + left.toNanos());
    }

    /** The earlier of this and so far from now. */
    public Deadline atMost(Duration left) {
        long other = System.nanoTime() + left.toNanos();
        return other - nanos < 0 ? new Deadline(other) : this;
    }

    /** What is left, never negative. */
    public long leftNanos() {
        return Math.max(0, nanos - System.nanoTime());
    }

    /** How long ago it passed; 0 before that. */
    long overdueMillis() {
        return Math.max(0, System.nanoTime() - nanos) / 1_000_000;
    }

    /** Whether it has passed. */
    public boolean isOver() {
        return leftNanos() == 0;
    }
}
