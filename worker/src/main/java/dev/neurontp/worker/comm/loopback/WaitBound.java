package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.comm.SecondaryFailure;
import java.time.Duration;

/**
 * Until when a rank waits for the others.
 *
 * @param what it waits in, such as {@code all_reduce}
 * @param limit how long it was when it began; zero for no bound but an abort
 * @param deadline in System.nanoTime
 */
record WaitBound(String what, Duration limit, long deadline) {
    /** Without a bound: the leader aborts. */
    static final WaitBound NONE = new WaitBound("", Duration.ZERO, 0);

    static WaitBound of(String what, long millis) {
        Duration limit = Duration.ofMillis(millis);
        return new WaitBound(what, limit, System.nanoTime() + limit.toNanos());
    }

    /** A little later: for the ranks that know less of who is missing than rank 0 does. */
    WaitBound later(Duration by) {
        return limit.isZero() ? this : new WaitBound(what, limit, deadline + by.toNanos());
    }

    /** How long is left in milliseconds: 0 for no bound, negative where it is over. */
    long remainingMillis() {
        if (limit.isZero()) {
            return 0;
        }
        long left = deadline - System.nanoTime();
        return left <= 0 ? -1 : left / 1_000_000 + 1;
    }

    String describe() {
        return "in " + what + ", " + SecondaryFailure.allowed(limit);
    }
}
