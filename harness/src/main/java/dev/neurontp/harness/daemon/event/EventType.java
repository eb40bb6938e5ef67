package dev.neurontp.harness.daemon.event;

import java.util.Locale;

/** What kinds of things happen. */
public enum EventType {
    POOL_CREATED,
    POOL_STATE,
    POOL_FORGOTTEN,
    RANK_STATE,
    RANK_FAILED,
    RANK_ENDED,
    OPERATION_STARTED,
    OPERATION_ENDED,
    /** The last one of a daemon. */
    DAEMON_STOPPING,
    /** Events between the one asked for and the oldest kept are not there any more. */
    LOST;

    /** The word on the wire. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
