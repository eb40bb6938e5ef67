package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RestartPolicy;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts pools anew that have failed, where that was asked for: a pool that always fails not for ever. */
final class AutomaticRestart {
    private static final Logger LOG = LoggerFactory.getLogger(AutomaticRestart.class);

    private final PoolRegistry registry;

    AutomaticRestart(PoolRegistry registry) {
        this.registry = registry;
    }

    /** The pool has ended, and all evidence is there. */
    void ended(ManagedPool pool) throws InterruptedException {
        boolean wanted = pool.state() == PoolState.FAILED
                && pool.plan().restart() == RestartPolicy.ON_FAILURE
                && !registry.isStopping()
                && !registry.forgotten(pool);
        if (!wanted) {
            return;
        }
        Optional<RestartHistory> next = pool.restarts().byItself(System.nanoTime());
        if (next.isEmpty()) {
            giveUp(pool, "there were " + RestartHistory.LIMIT);
            return;
        }
        awaitFences(pool);
        try {
            ManagedPool successor = registry.create(pool.plan(), next.get()).pool();
            pool.restartedAs(successor);
            LOG.warn(
                    "pool {} '{}' has failed and is restarted as {}",
                    pool.id(),
                    pool.plan().name().orElse("-"),
                    successor.id());
        } catch (PoolRequestException e) {
            giveUp(pool, e.getMessage());
        }
    }

    /** What a lost rank may still hold is its successor's in the end. */
    private void awaitFences(ManagedPool pool) throws InterruptedException {
        Optional<Instant> until = registry.fencedUntil(pool.plan());
        while (until.isPresent() && !registry.isStopping()) {
            LOG.warn(
                    "pool {} is restarted when its lost ranks have ended, by {} at the latest", pool.id(), until.get());
            Thread.sleep(registry.until(until.get()));
            until = registry.fencedUntil(pool.plan());
        }
    }

    private static void giveUp(ManagedPool pool, String why) {
        LOG.error(
                "pool {} '{}' has failed and is not restarted: {}",
                pool.id(),
                pool.plan().name().orElse("-"),
                why);
        pool.notRestarted(new EventData.PoolNotRestarted(why));
    }
}
