package dev.neurontp.harness.daemon.pool;

import java.time.Instant;

/**
 * A pool whose processes are being started: those on other hosts until all of their agents are heard. It has no ranks yet and takes no
 * requests.
 *
 * @param id the one that it keeps
 * @param epoch which pool of this daemon it is, from 1
 * @param since when its start began
 * @param starter who starts it; an interrupt ends the wait for the agents
 */
public record StartingPool(String id, int epoch, PoolPlan plan, Instant since, Thread starter) {
    boolean is(String idOrName) {
        return id.equals(idOrName) || plan.name().filter(idOrName::equals).isPresent();
    }
}
