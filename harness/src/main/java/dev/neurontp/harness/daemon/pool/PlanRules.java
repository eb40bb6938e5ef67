package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import java.util.Optional;

/**
 * What a daemon's settings allow a pool to be, by the settings of the moment: a plan may be older than they are, as that of a pool which
 * is restarted. Any thread may call.
 */
public interface PlanRules {
    /** Why there can be no such pool; empty where there can. */
    Optional<Refusal> refusal(PoolPlan plan);

    /**
     * A rule that a plan breaks.
     *
     * @param message value, rule and remedy
     */
    record Refusal(ErrorType type, String message) {}
}
