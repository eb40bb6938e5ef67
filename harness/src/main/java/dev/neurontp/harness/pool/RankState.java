package dev.neurontp.harness.pool;

/** The life of one rank. */
public enum RankState {
    STARTING,
    READY,
    JOINING,
    JOINED,
    STOPPING,
    /** Its pipe can no longer be trusted; it is never used again and is being ended. */
    FAILED,
    /** It was ended, and nothing shows that it has ended: it may still run, and hold its GPU. */
    LOST,
    /** It was seen to end. */
    GONE
}
