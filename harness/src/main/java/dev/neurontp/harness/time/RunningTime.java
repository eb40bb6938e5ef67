package dev.neurontp.harness.time;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while this process does, as by SIGSTOP or where its host slept. That is noticed by those who wait: each looks
 * every {@link #STEP} or more often, so that where a look comes much too late, nothing of this process has run. While nobody waits
 * all time counts. Any thread may call.
 */
final class RunningTime {
    /** The longest time between two looks of who waits. */
    static final Duration STEP = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private Standstill standstill;
    private int waiting;
    private long lost;

    /** By a clock like {@link System#nanoTime}. */
    RunningTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins a wait, which has to be ended. */
    synchronized void begin() {
        if (waiting++ == 0) {
            standstill = new Standstill(STEP, nanoTime);
        } else {
            look();
        }
    }

    /** Has to be called once a {@link #STEP} by who waits. */
    synchronized void look() {
        lost += standstill.lostNanos();
    }

    synchronized void end() {
        look();
        waiting--;
    }

    /** The time, in nanoseconds from some beginning. */
    synchronized long nanos() {
        return nanoTime.getAsLong() - lost;
    }
}
