package dev.neurontp.harness.pool;

/** One thing that happened to a pool. */
public sealed interface PoolEvent {
    /**
     * Called with what happens to a pool, for progress and logs, on the pool's threads and the callers': be quick, and call
     * nothing of the pool from here but {@link WorkerPool#state}.
     */
    @FunctionalInterface
    interface Listener {
        void on(PoolEvent event);
    }

    /**
     * Not all of its processes could be started, and those that were have been ended: there is no pool, and this is all that is told of it.
     *
     * @param ends how those have ended
     */
    record StartFailed(ShutdownReport ends) implements PoolEvent {}

    /** Its processes exist. Comes before all others. */
    record PoolCreated() implements PoolEvent {}

    /** The pool is in another state. */
    record PoolChanged(PoolState state) implements PoolEvent {}

    /** A rank is in another state. Rank 0 in the caller's process has the pid of that process. */
    record RankChanged(int rank, long pid, RankState state) implements PoolEvent {}

    /**
     * A rank failed. Comes before any rank is ended.
     *
     * @param op what was in flight, as in {@link RankFailure#op}
     */
    record RankFailed(int rank, String op, String reason) implements PoolEvent {}

    /** A process has ended, or is still there after every step. */
    record RankEnded(RankExit end) implements PoolEvent {}
}
