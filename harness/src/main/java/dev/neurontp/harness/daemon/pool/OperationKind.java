package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.Deadlines;
import java.time.Duration;
import java.util.Locale;

/** What a pool can be asked for. */
public enum OperationKind {
    /** Its coming up: processes and first answers. */
    SPAWN,
    PING,
    INIT,
    SANITY,
    /** Every rank is asked to leave. */
    SHUTDOWN,
    /** Every rank is ended at once. */
    END,
    /** An ended pool is taken out of the list. */
    FORGET;

    /** The word on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How long it may take once it has begun. */
    Duration limit(Deadlines deadlines) {
        return switch (this) {
            case SPAWN -> deadlines.ready();
            case PING -> deadlines.ping();
            case INIT -> deadlines.init();
            case SANITY -> deadlines.sanity();
            case SHUTDOWN, END, FORGET -> deadlines.stop();
        };
    }

    /** Whether it waits for no turn. */
    boolean preempts() {
        return this == SHUTDOWN || this == END || this == FORGET;
    }
}
