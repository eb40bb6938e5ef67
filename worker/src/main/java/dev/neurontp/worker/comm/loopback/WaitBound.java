package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.SecondaryFailure;
import dev.neurontp.worker.os.RunningTime;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Until when a rank waits for the others. Time in which this process stood still while it waited does not count: the others may have stood
 * still as well.
 *
 * @param what it waits in, such as {@code all_reduce}
 * @param limit how long it was when it began; zero for no bound but an abort
 * @param deadline in the time below
 * @param time what it is measured by; null for no bound
 */
record WaitBound(String what, Duration limit, long deadline, RunningTime time) {
    /** Without a bound: the leader aborts. */
    static final WaitBound NONE = new WaitBound("", Duration.ZERO, 0, null);

    static WaitBound of(String what, long millis) {
        return of(what, millis, System::nanoTime);
    }

    /** By a clock like {@link System#nanoTime}. */
    static WaitBound of(String what, long millis, LongSupplier nanoTime) {
        Duration limit = Duration.ofMillis(millis);
        RunningTime time = new RunningTime(nanoTime);
        return new WaitBound(what, limit, time.nanos() + limit.toNanos(), time);
    }

    /** A little later: for the ranks that know less of who is missing than rank 0 does. */
    WaitBound later(Duration by) {
        return isNone() ? this : new WaitBound(what, limit, deadline + by.toNanos(), time);
    }

    private boolean isNone() {
        return time == null;
    }

    /** Begins a wait, which has to be ended. */
    void begin() {
        if (!isNone()) {
            time.begin();
        }
    }

    void end() {
        if (!isNone()) {
            time.end();
        }
    }

    /** How long to wait in milliseconds until it is looked again: 0 for no bound, negative where it is over. */
    long nextMillis() {
        if (isNone()) {
            return 0;
        }
        long left = deadline - time.nanos();
        return left <= 0 ? -1 : Math.min(left / 1_000_000 + 1, RunningTime.STEP.toMillis());
    }

    String describe() {
        return "in " + what + ", " + SecondaryFailure.allowed(limit);
    }
}
