package dev.neurontp.worker.os;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Notices that this process stood still, as by SIGSTOP or where its host slept: it looked much later than it meant to. What others have
 * said meanwhile waits unread, so that a deadline which has passed says nothing of them. One thread.
 */
public final class Standstill {
    /** More than the scheduler of a busy host takes. */
    private static final Duration NOTICED = Duration.ofSeconds(1);

    private final long period;
    private final LongSupplier nanoTime;
    private long looked;

    /** Looked for from now on, at least once in that time. */
    public Standstill(Duration period) {
        this(period, System::nanoTime);
    }

    /** By a clock like {@link System#nanoTime}. */
    public Standstill(Duration period, LongSupplier nanoTime) {
        this.period = period.toNanos();
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong();
    }

    /** Whether this process stood still since the last look. */
    public boolean noticed() {
        return lostNanos() > 0;
    }

    /** The time since the last look where this process stood still in it, in nanoseconds; else 0. */
    public long lostNanos() {
        long before = looked;
        looked = nanoTime.getAsLong();
        long between = looked - before;
        return between > period + NOTICED.toNanos() ? between : 0;
    }
}
