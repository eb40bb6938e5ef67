package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.Deadlines;
import java.time.Duration;
import java.util.Locale;

/** What a pool can be asked for. */
public enum OperationKind {
    /** Its start: processes and first answers. */
    SPAWN,
    PING,
    INIT,
    SANITY,
    /** Every rank says what it runs on. */
    DEVICE,
    /** All ranks run one checked collective. */
    COLLECTIVE,
    /** Every rank is asked to leave. */
    SHUTDOWN,
    /** Every rank is ended at once. */
    END,
    /** An ended pool is removed from the list. */
    FORGET;

    /** Its name in events, metrics and messages: one lower-case word. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How long it may take once it has begun. */
    Duration limit(Deadlines deadlines) {
        return switch (this) {
            case SPAWN -> deadlines.ready();
            case PING -> deadlines.ping();
            case INIT -> deadlines.init();
            case SANITY, DEVICE, COLLECTIVE -> deadlines.sanity();
            case SHUTDOWN, END, FORGET -> deadlines.stop();
        };
    }

    /** Whether it changes nothing and comes often: it would push the changes out of the log of events. */
    boolean isQuiet() {
        return this == PING || this == DEVICE || this == COLLECTIVE;
    }

    /** Whether it waits for no other operation, and ends the one that is under way. */
    boolean preempts() {
        return this == SHUTDOWN || this == END || this == FORGET;
    }
}
