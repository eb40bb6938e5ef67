package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Durations;
import java.time.Duration;

/** Another operation is under way; nothing was sent. The pool is well. */
public final class PoolBusy extends PoolException {
    private static final long serialVersionUID = 1;

    private final Op op;
    private final Duration elapsed;
    private final Duration limit;

    PoolBusy(Op op, Duration elapsed, Duration limit) {
        super("busy: " + op.label() + ", " + Durations.seconds(elapsed) + " of " + Durations.time(limit), null);
        this.op = op;
        this.elapsed = elapsed;
        this.limit = limit;
    }

    /** What is under way. */
    public Op op() {
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
