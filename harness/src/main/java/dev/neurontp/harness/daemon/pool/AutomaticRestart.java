package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.Optional;

/** Starts pools anew that have failed, where that was asked for: a pool that always fails not for ever. */
final class AutomaticRestart {
    /** How often it is looked whether it is still wanted. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private final PoolRegistry registry;
    private final PoolLifeLog log;

    AutomaticRestart(PoolRegistry registry, PoolLifeLog log) {
        this.registry = registry;
        this.log = log;
    }

    /** The pool has ended, and all evidence is there. */
    void ended(ManagedPool pool) throws InterruptedException {
        if (!isWanted(pool)) {
            endWasAsked(pool);
            return;
        }
        Optional<RestartHistory> next = pool.restarts().byItself(pool.id(), System.nanoTime());
        if (next.isEmpty()) {
            String why = "there were " + RestartHistory.LIMIT;
            log.notRestarted(pool.id(), pool.plan(), why);
            pool.notRestarted(why);
            return;
        }
        pause(pool, next.get().pause());
        awaitFences(pool);
        if (!isWanted(pool)) {
            endWasAsked(pool);
            return;
        }
        try {
            ManagedPool successor = registry.create(pool.plan(), next.get()).pool();
            pool.restartedAs(successor);
            log.restarted(pool.id(), pool.plan(), successor.id());
            if (!isUnasked(pool)) {
                // Whoever asked for the end while this one was being started meant it too.
                successor.request(OperationKind.SHUTDOWN, Duration.ZERO);
            }
        } catch (PoolRequestException e) {
            if (e.type() == ErrorType.POOL_ENDED) {
                log.restartEnded(pool.id(), pool.plan(), e.getMessage());
            } else {
                log.notRestarted(pool.id(), pool.plan(), e.getMessage());
            }
            pool.notRestarted(e.getMessage());
        } catch (RuntimeException | Error e) {
            String why = "its restart broke off by a fault of this daemon: " + e;
            log.notRestarted(pool.id(), pool.plan(), why);
            pool.notRestarted(why);
            throw e;
        }
    }

    private static void endWasAsked(ManagedPool pool) {
        if (pool.isEndRequested() && pool.wantsRestarts()) {
            pool.notRestarted("its end was asked for");
        }
    }

    private boolean isWanted(ManagedPool pool) {
        return pool.awaitsRestart() && !registry.isStopping() && isUnasked(pool);
    }

    /** Whether nobody has asked for its end, or removed it from the list. */
    private boolean isUnasked(ManagedPool pool) {
        return !pool.isEndRequested() && !registry.forgotten(pool);
    }

    private void pause(ManagedPool pool, Duration pause) throws InterruptedException {
        if (pause.isPositive() && isWanted(pool)) {
            log.restartPauses(pool.id(), pool.plan(), pause);
        }
        Deadline deadline = Deadline.in(pause);
        // Somebody may restart it meanwhile, which takes as long as its hosts are silent.
        while (isWanted(pool) && (!deadline.expired() || pool.isBeingRestarted())) {
            Thread.sleep(LOOK);
        }
    }

    /** What a lost rank may still hold is its successor's in the end. */
    private void awaitFences(ManagedPool pool) throws InterruptedException {
        Optional<Fence> fence = registry.fence(pool.plan());
        Optional<Fence> said = Optional.empty();
        while (fence.isPresent() && isWanted(pool)) {
            if (!fence.equals(said)) {
                log.restartWaits(pool.id(), pool.plan(), fence.get());
                said = fence;
            }
            Thread.sleep(registry.again(fence.get()));
            fence = registry.fence(pool.plan());
        }
    }
}
