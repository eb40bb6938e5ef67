package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.pool.RestartPolicy;

/** Whether a pool that has failed gets another one in its place by its policy, which may take some seconds. */
final class PendingRestart {
    static final String SAID = "Another one is started in its place, by its policy.";

    private PendingRestart() {}

    static boolean isOf(PoolView pool) {
        return pool.failed()
                && pool.recorded().isEmpty()
                && pool.restart().policy().equals(RestartPolicy.ON_FAILURE.label())
                && pool.restart().successor().isEmpty()
                && pool.restart().givenUp().isEmpty();
    }
}
