package dev.neurontp.worker.os;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A clock that stands still while this process does, as by SIGSTOP or where its host slept. That is noticed by those who wait: each looks
 * every {@link #STEP} or more often, so that where a look comes much too late, nothing of this process has run. While nobody waits
 * all time counts. Any thread may call.
 */
public final class RunningTime {
    /** The longest time between two looks of who waits. */
    public static final Duration STEP = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private Standstill standstill;
    private int waiting;
    private long lost;

    /** By a clock like {@link System#nanoTime}. */
    public RunningTime(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins a wait, which has to be ended. */
    public synchronized void begin() {
        if (waiting++ == 0) {
            standstill = new Standstill(STEP, nanoTime);
        } else {
            look();
        }
    }

    /** Has to be called once a {@link #STEP} by who waits. */
    public synchronized void look() {
        lost += standstill.lostNanos();
    }

    /** Ends a wait. */
    public synchronized void end() {
        look();
        waiting--;
    }

    /** The time, in nanoseconds from some beginning. Also a look, where somebody waits: whoever goes on first must not see the time leap. */
    public synchronized long nanos() {
        if (waiting > 0) {
            look();
        }
        return nanoTime.getAsLong() - lost;
    }
}
