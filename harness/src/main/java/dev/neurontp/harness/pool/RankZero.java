package dev.neurontp.harness.pool;

/** Where rank 0 lives. */
public enum RankZero {
    /** In the caller's process: for libraries and one-shot checks. A collective that cannot be aborted stays in it. */
    IN_PROCESS,
    /** In a process of its own, like the others: for a daemon. */
    SPAWNED
}
