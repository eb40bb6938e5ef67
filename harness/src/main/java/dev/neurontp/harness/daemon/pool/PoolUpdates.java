package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.pool.PlannedProcess;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings the live pool of a name to what is asked for. Any thread may call. */
public final class PoolUpdates {
    /** The end of one that has just failed begins when its other ranks were heard, and what is known of it is complete a moment after it. */
    private static final Duration AROUND_THE_END = Duration.ofSeconds(15);

    /** For the start of processes on this host, which takes milliseconds; on a very busy host more. */
    private static final Duration LOCAL_START = Duration.ofSeconds(5);

    /** Others may create and end pools of that name all the while. */
    private static final int MOST_TRIES = 3;

    private final PoolRegistry registry;
    private final PoolCreator creator;

    /** Changes the pools of {@code registry}. */
    public PoolUpdates(PoolRegistry registry, PoolCreator creator) {
        this.registry = registry;
        this.creator = creator;
    }

    /** What was done. */
    public enum Result {
        /** No pool of that name lived. */
        CREATED,
        /** The live pool is what was asked for. */
        UNCHANGED,
        /** The live pool has other labels or another restart policy now, and goes on. */
        CONFIGURED,
        /** The live pool was shut down, and another one is in its place. */
        REPLACED
    }

    /**
     * What came of it.
     *
     * @param pool the one that lives now; empty for one that would be created
     * @param start the operation that waits for the pool's first answers; empty where it has them
     * @param planned what would be started on other hosts; of a dry run alone
     */
    public record Applied(
            Result result, Optional<ManagedPool> pool, Optional<PoolOperation> start, List<PlannedProcess> planned) {
        private static Applied of(Result result, ManagedPool pool) {
            return new Applied(result, Optional.of(pool), pool.underWay(), List.of());
        }

        /** Whether another pool is there than before. */
        public boolean isNew() {
            return result == Result.CREATED || result == Result.REPLACED;
        }

        private static Applied of(Result result, PoolCreator.Created created) {
            return new Applied(result, Optional.of(created.pool()), Optional.of(created.operation()), List.of());
        }
    }

    /**
     * What creating that pool would come to.
     *
     * @throws PoolRequestException when it could not be created
     */
    public Applied created(PoolPlan plan) throws InterruptedException {
        creator.requireAdmission(plan, Optional.empty());
        return new Applied(Result.CREATED, Optional.empty(), Optional.empty(), plan.planned());
    }

    /**
     * Creates the pool where none of its name lives, leaves it where it is the same, else replaces it. A pool that has failed
     * does not live.
     *
     * @param plan with a name
     * @param dryRun whether to say only what would be done
     * @throws PoolRequestException when there can be no such pool; the live one is then left as it is
     */
    public Applied apply(PoolPlan plan, boolean dryRun) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return applyOnce(plan, dryRun);
            } catch (PoolRequestException e) {
                // Somebody else may have created one of that name meanwhile, and just what is asked for.
                if (e.type() != ErrorType.NAME_TAKEN || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private Applied applyOnce(PoolPlan plan, boolean dryRun) throws InterruptedException {
        awaitStart(plan.name().orElseThrow());
        Optional<ManagedPool> found = registry.live(plan.name().orElseThrow());
        if (found.isPresent() && found.get().state().isEnding()) {
            if (dryRun) {
                creator.requireAdmission(plan, found);
                return new Applied(Result.CREATED, Optional.empty(), Optional.empty(), plan.planned());
            }
            requireOver(found.get());
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            if (dryRun) {
                return created(plan);
            }
            return Applied.of(Result.CREATED, creator.create(plan));
        }
        ManagedPool live = found.get();
        if (live.plan().equals(plan)) {
            return Applied.of(Result.UNCHANGED, live);
        }
        if (live.plan().configuredAs(plan).equals(plan)) {
            if (!dryRun) {
                live.configure(plan);
            }
            return Applied.of(Result.CONFIGURED, live);
        }
        creator.requireAdmission(plan, Optional.of(live));
        if (dryRun) {
            return new Applied(Result.REPLACED, Optional.of(live), Optional.empty(), plan.planned());
        }
        return Applied.of(Result.REPLACED, replace(live, plan, RestartHistory.NONE));
    }

    /** One on other hosts may wait for its agents for minutes: that is not waited for. */
    private void awaitStart(String name) throws InterruptedException {
        Optional<StartingPool> other = registry.starting(name);
        if (other.isEmpty()) {
            return;
        }
        boolean ended = other.get().isGivenUp();
        boolean mayLast = other.get().plan().placement().isPresent() && !ended;
        if (!registry.awaitStart(name, mayLast ? Duration.ZERO : LOCAL_START)) {
            throw new PoolRequestException(
                    ErrorType.WRONG_STATE,
                    "the pool '" + name + "' is being started: wait until its processes are there, those on other hosts"
                            + " when all of their agents were heard, or end it",
                    new PoolRequestException.Detail.State(PoolState.STARTING));
        }
        if (!ended && other.get().isGivenUp()) {
            throw PoolCreator.endedInItsStart(other.get().id() + " '" + name + "'");
        }
    }

    /**
     * Ends the pool in order, if it lives, and starts another one by the same plan. One that was restarted is not started twice, as long as the
     * pool in its place is in the list.
     *
     * @throws PoolRequestException when there can be no such pool; a live one is then left as it is
     */
    public PoolCreator.Created restart(ManagedPool pool) throws InterruptedException {
        if (!pool.succession().restartBegins()) {
            throw new PoolRequestException(
                    ErrorType.WRONG_STATE,
                    "the pool " + pool.id() + " is being restarted already: wait for the one in its place",
                    new PoolRequestException.Detail.State(pool.state()));
        }
        try {
            Optional<ManagedPool> successor = pool.succession().successor().flatMap(registry::find);
            if (successor.isPresent()) {
                throw new PoolRequestException(
                        ErrorType.WRONG_STATE,
                        "the pool " + pool.id() + " was restarted as "
                                + successor.get().id() + ": restart that one",
                        new PoolRequestException.Detail.State(pool.state()));
            }
            creator.requireAdmission(pool.plan(), Optional.of(pool));
            PoolCreator.Created created =
                    replace(pool, pool.plan(), pool.restarts().byHand(pool.id()));
            pool.succession().restartedAs(created.pool());
            return created;
        } finally {
            pool.succession().restartIsOver();
        }
    }

    private PoolCreator.Created replace(ManagedPool old, PoolPlan plan, RestartHistory restarts)
            throws InterruptedException {
        try {
            if (!old.isOver()) {
                endToReplace(old);
            }
            PoolCreator.Created created = creator.create(plan, restarts);
            old.succession().replacedBy(created.pool());
            return created;
        } catch (PoolRequestException e) {
            if (e.type() == ErrorType.POOL_ENDED) {
                old.succession().endAsked(); // whoever ends the one that is to take its place wants none
            }
            throw e;
        } finally {
            old.succession().replacementIsOver();
        }
    }

    /** Who asks meanwhile that it end, or removes it, wants none in its place. */
    private void endToReplace(ManagedPool pool) throws InterruptedException {
        int asked = pool.succession().endsAsked();
        pool.endToReplace();
        requireOver(pool);
        if (pool.succession().endsAsked() != asked || pool.isForgotten()) {
            registry.requireWorking(); // a daemon that stops asks, too
            throw new PoolRequestException(
                    ErrorType.POOL_ENDED,
                    "the pool " + pool.id()
                            + " was ended by request while another one was to take its place: none does");
        }
    }

    private static void requireOver(ManagedPool pool) throws InterruptedException {
        Duration limit = pool.plan().deadlines().stop().plus(AROUND_THE_END);
        if (!pool.awaitOver(limit)) {
            throw new PoolRequestException(
                    ErrorType.WRONG_STATE,
                    "the pool " + pool.id() + " has not ended within " + Durations.time(limit)
                            + ": look at its processes, then ask again",
                    new PoolRequestException.Detail.State(pool.state()));
        }
    }
}
