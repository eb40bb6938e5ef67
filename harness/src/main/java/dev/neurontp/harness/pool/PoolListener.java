package dev.neurontp.harness.pool;

/**
 * Told of what happens to a pool, for progress and logs. Called from the pool's threads and the callers': be quick, and
 * call nothing of the pool from here but {@link WorkerPool#state}.
 */
@FunctionalInterface
public interface PoolListener {
    void on(PoolEvent event);
}
