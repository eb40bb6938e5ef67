package dev.neurontp.harness.pool;

/** The life of a group. It changes as a unit and never recovers by itself. */
public enum PoolState {
    /** The processes exist; not all of them have answered yet. */
    STARTING,
    /** Every worker has answered a ping. */
    READY,
    /** An init is under way. */
    JOINING,
    /** Every rank is in the communicator. */
    JOINED,
    /** A shutdown or a close is under way. */
    STOPPING,
    /** One rank was lost, so every rank is being ended or has been. Stays, so that it is seen. */
    FAILED,
    /** Shut down or closed, and not every rank was seen to end. */
    LOST,
    /** Shut down or closed: every rank was seen to end. */
    GONE;

    /** Whether its end is under way or over: no operation begins any more. */
    public boolean isEnding() {
        return this == STOPPING || this == FAILED || this == LOST || this == GONE;
    }
}
