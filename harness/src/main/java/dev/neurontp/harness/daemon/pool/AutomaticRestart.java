package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Starts pools anew that have failed, where that was asked for: a pool that always fails not for ever. */
final class AutomaticRestart {
    /** How often it is looked whether it is still wanted. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The same while a fence stands, which may fall before its time. */
    private static final Duration LOOK_AT_FENCES = Duration.ofSeconds(1);

    /** What passes by nothing but a person's doing, or was a person's will. */
    private static final Set<ErrorType> FOR_GOOD =
            Set.of(ErrorType.COMMAND_NOT_ALLOWED, ErrorType.NAME_TAKEN, ErrorType.POOL_ENDED, ErrorType.STOPPING);

    private final PoolRegistry registry;
    private final PoolCreator creator;
    private final PoolLifeLog log;

    AutomaticRestart(PoolRegistry registry, PoolCreator creator, PoolLifeLog log) {
        this.registry = registry;
        this.creator = creator;
        this.log = log;
    }

    /** The pool has ended, and all evidence is there. */
    void ended(ManagedPool pool) throws InterruptedException {
        RestartHistory before = pool.restarts();
        String refused = "";
        while (isWanted(pool)) {
            Optional<RestartHistory> next = before.byItself(pool.id(), System.nanoTime());
            if (next.isEmpty()) {
                notRestarted(pool, "there were " + RestartHistory.LIMIT + refused);
                return;
            }
            pause(pool, next.get().pause());
            awaitFences(pool);
            if (isWanted(pool)) {
                try {
                    restart(pool, next.get());
                    return;
                } catch (PoolRequestException e) {
                    awaitRestartByHand(pool);
                    if (!isWanted(pool)) {
                        break;
                    }
                    if (FOR_GOOD.contains(e.type())) {
                        refusedForGood(pool, e);
                        return;
                    }
                    log.restartRefused(pool.id(), pool.plan(), e.getMessage());
                    pool.succession().restartRefused(e.getMessage());
                    refused = ", the last of which was refused: " + e.getMessage();
                    before = next.get().refused();
                }
            }
        }
        noneIsWanted(pool);
    }

    private void restart(ManagedPool pool, RestartHistory history) throws InterruptedException {
        try {
            ManagedPool successor = creator.create(pool.plan(), history, starting -> {
                        if (!isUnasked(pool)) {
                            starting.giveUp(); // asked for before anybody could know of it
                        }
                    })
                    .pool();
            pool.succession().restartedAs(successor);
            log.restarted(pool.id(), pool.plan(), successor.id());
            if (!isUnasked(pool)) {
                // Whoever asked for the end while this one was being started meant it too.
                successor.request(OperationKind.SHUTDOWN, Duration.ZERO);
            }
        } catch (PoolRequestException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            notRestarted(pool, "its restart broke off by a fault of this daemon: " + e);
            throw e;
        }
    }

    private void refusedForGood(ManagedPool pool, PoolRequestException refusal) {
        if (refusal.type() == ErrorType.POOL_ENDED) {
            log.restartEnded(pool.id(), pool.plan(), refusal.getMessage());
            pool.succession().notRestarted(refusal.getMessage());
        } else {
            notRestarted(pool, refusal.getMessage());
        }
    }

    private void notRestarted(ManagedPool pool, String why) {
        log.notRestarted(pool.id(), pool.plan(), why);
        pool.succession().notRestarted(why);
    }

    private static void noneIsWanted(ManagedPool pool) {
        Succession succession = pool.succession();
        if (!pool.wantsRestarts() || succession.successor().isPresent()) {
            return;
        }
        if (succession.isEndRequested()) {
            succession.notRestarted("its end was asked for");
        } else if (succession.replacement().isPresent()) {
            succession.notRestarted("the pool " + succession.replacement().get() + " has taken its place");
        }
    }

    private boolean isWanted(ManagedPool pool) {
        return pool.awaitsRestart() && !registry.isStopping() && isUnasked(pool);
    }

    /** Whether nobody has asked for its end, or removed it from the list. */
    private boolean isUnasked(ManagedPool pool) {
        return !pool.succession().isEndRequested() && !pool.isForgotten();
    }

    private void pause(ManagedPool pool, Duration pause) throws InterruptedException {
        if (pause.isPositive() && isWanted(pool)) {
            log.restartPauses(pool.id(), pool.plan(), pause);
        }
        Deadline deadline = Deadline.in(pause);
        while (isWanted(pool) && !deadline.expired()) {
            Thread.sleep(LOOK);
        }
        awaitRestartByHand(pool);
    }

    /** Somebody may be about to put another pool in its place, which takes as long as its hosts are silent. */
    private void awaitRestartByHand(ManagedPool pool) throws InterruptedException {
        Succession succession = pool.succession();
        while (isWanted(pool) && (succession.isBeingRestarted() || succession.isBeingReplaced())) {
            Thread.sleep(LOOK);
        }
    }

    /** What a lost rank may still hold is its successor's in the end. */
    private void awaitFences(ManagedPool pool) throws InterruptedException {
        Optional<Fence> fence = creator.fence(pool.plan());
        Optional<Fence> said = Optional.empty();
        while (fence.isPresent() && isWanted(pool)) {
            if (!fence.equals(said)) {
                log.restartWaits(pool.id(), pool.plan(), fence.get());
                said = fence;
            }
            Duration again = creator.again(fence.get());
            Thread.sleep(again.compareTo(LOOK_AT_FENCES) < 0 ? again : LOOK_AT_FENCES);
            fence = creator.fence(pool.plan());
        }
        awaitRestartByHand(pool);
    }
}
