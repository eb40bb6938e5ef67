package dev.neurontp.harness.time;

import dev.neurontp.worker.os.RunningTime;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * An instant that is handed down, so that an inner wait takes what is left of the outer one. Measured on the monotonic
 * clock: a change of the wall clock moves nothing. Any thread may call.
 */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final RunningTime running;
    private final long startNanos;
    private final long startRunning;
    private final Duration limit;

    private Deadline(LongSupplier nanoTime, RunningTime running, Duration limit) {
        this.nanoTime = nanoTime;
        this.running = running;
        this.startNanos = nanoTime.getAsLong();
        this.startRunning = running.nanos();
        this.limit = limit;
    }

    /** One wait, of a part of the whole. */
    @FunctionalInterface
    public interface Wait {
        /** Whether what is waited for has come, within so many nanoseconds, at least 1. */
        boolean isOver(long nanos) throws InterruptedException;
    }

    /** A deadline that begins now. */
    public static Deadline in(Duration limit) {
        return in(limit, System::nanoTime);
    }

    /** By a clock like {@link System#nanoTime}. */
    static Deadline in(Duration limit, LongSupplier nanoTime) {
        return new Deadline(nanoTime, new RunningTime(nanoTime), limit);
    }

    /** Another one from now on, by the same clock. */
    public Deadline again(Duration next) {
        return new Deadline(nanoTime, running, next);
    }

    /** How long it was when it began. */
    public Duration limit() {
        return limit;
    }

    /** Time since it began. */
    public Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    /** Nanoseconds that are left, 0 when it has passed. */
    public long remainingNanos() {
        return Math.max(0, limit.toNanos() - (running.nanos() - startRunning));
    }

    public boolean expired() {
        return remainingNanos() == 0;
    }

    /** A step inside this deadline: {@code step} long, or what is left here if that is less. */
    public Deadline within(Duration step) {
        Duration left = Duration.ofNanos(remainingNanos());
        return again(step.compareTo(left) < 0 ? step : left);
    }

    /**
     * Waits until this passes. Time in which this process stood still meanwhile does not count, for this one and for all that it is a step
     * of: what has come could not be seen.
     *
     * @return whether it has come
     */
    public boolean await(Wait wait) throws InterruptedException {
        running.begin();
        try {
            boolean over;
            do {
                over = wait.isOver(Math.clamp(remainingNanos(), 1, RunningTime.STEP.toNanos()));
                running.look();
            } while (!over && !expired());
            return over;
        } finally {
            running.end();
        }
    }
}
