package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;

/** A pool could not do what it was asked. The message is for an operator. */
public abstract sealed class PoolException extends Exception
        permits PoolFailure, PoolException.Busy, PoolException.Ended {
    private static final long serialVersionUID = 1;

    PoolException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Another operation is in flight; nothing was sent. The pool is well. */
    public static final class Busy extends PoolException {
        private static final long serialVersionUID = 1;

        private final String op;
        private final Duration elapsed;
        private final Duration limit;

        Busy(String op, Duration elapsed, Duration limit) {
            super("busy: " + op + ", " + Durations.seconds(elapsed) + " of " + Durations.time(limit), null);
            this.op = op;
            this.elapsed = elapsed;
            this.limit = limit;
        }

        /** The name of the operation that is in flight. */
        public String op() {
            return op;
        }

        /** For how long by now. */
        public Duration elapsed() {
            return elapsed;
        }

        /** For how long at most. */
        public Duration limit() {
            return limit;
        }
    }

    /** The pool was shut down or closed, before the call or during it. No rank failed. */
    public static final class Ended extends PoolException {
        private static final long serialVersionUID = 1;

        Ended(String message) {
            super(message, null);
        }
    }
}
