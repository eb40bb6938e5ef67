package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.runtime.Heir;
import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.pool.PoolFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Creates the pools of a daemon, none on devices that a lost rank may still hold, and those anew that have failed and are to be restarted.
 * Any thread may call.
 */
public final class PoolCreator implements Heir {
    /** Takes microseconds once its processes are there, on a host that is very busy seconds. */
    private static final Duration INTO_THE_LIST = Duration.ofMinutes(1);

    private final PoolRegistry registry;
    private final PoolServices services;
    private final Fences fences;
    private final Inheritance inheritance;
    private final AutomaticRestart automaticRestart;

    /** Puts what it creates into {@code registry}. */
    public PoolCreator(PoolRegistry registry, PoolServices services) {
        this.registry = registry;
        this.services = services;
        this.fences = new Fences(services.clock());
        this.inheritance = new Inheritance(fences, services.ledger());
        this.automaticRestart = new AutomaticRestart(registry, this, services.log());
    }

    /** No pool gets its devices while it may hold them. */
    @Override
    public boolean inherit(List<PlacedRank> left) {
        return inheritance.take(left);
    }

    /** The same. */
    @Override
    public void inheritHere(List<LeftHere> left) {
        fences.addProcesses(left.stream().map(Fence.ByProcess::inherited).toList());
    }

    /** No pool gets its devices for as long as a lease. */
    @Override
    public void keepApart(List<PlacedRank> others) {
        others.forEach(rank -> fences.keepApart(rank, Fence.KeptApart.OTHER_CONTAINER));
    }

    /** A pool that exists, and the operation that waits for its first answers. */
    public record Created(ManagedPool pool, PoolOperation operation) {}

    /**
     * Creates a pool.
     *
     * @throws PoolRequestException when the plan breaks a rule, there are too many, a process cannot be started, or the daemon is stopping
     */
    public Created create(PoolPlan plan) throws InterruptedException {
        return create(plan, RestartHistory.NONE);
    }

    /** The same for one that takes the place of another. */
    Created create(PoolPlan plan, RestartHistory restarts) throws InterruptedException {
        return create(plan, restarts, _ -> {});
    }

    /** The same; {@code begun} is told of the pool before any of its processes is started. */
    Created create(PoolPlan plan, RestartHistory restarts, Consumer<StartingPool> begun) throws InterruptedException {
        Created created;
        try {
            requirePossible(plan);
            fences.look();
            StartingPool reserved = registry.reserve(plan, restarts, fences);
            begun.accept(reserved);
            created = start(reserved);
            if (!reserved.isGivenUp()) {
                return created;
            }
        } catch (PoolRequestException e) {
            services.log().notCreated(plan, e.getMessage());
            throw e;
        }
        // Where its processes came before anybody knew of that wish nothing has ended it yet.
        created.pool().request(OperationKind.SHUTDOWN, Duration.ZERO);
        registry.requireWorking();
        throw endedInItsStart(created.pool().id());
    }

    static PoolRequestException endedInItsStart(String pool) {
        return new PoolRequestException(
                ErrorType.POOL_ENDED, "the pool " + pool + " was ended by request while it was being started");
    }

    private Created start(StartingPool reserved) throws InterruptedException {
        PoolPlan plan = reserved.plan();
        ManagedPool pool = null;
        String whyNone = "its start was interrupted";
        try {
            services.records().starting(reserved);
            pool = new ManagedPool(reserved, services, fences);
            services.records().created(pool);
            services.log().created(reserved.id(), plan, pool.snapshot().ranks());
            PoolOperation operation = pool.start(this::ended);
            if (reserved.restartCount() > 0) {
                services.metrics().restarted();
            }
            return new Created(pool, operation);
        } catch (IllegalArgumentException | PoolFailure | PoolRequestException e) {
            PoolRequestException refusal = refusal(plan, e);
            whyNone = whyNone(reserved, refusal.getMessage());
            requireWanted(reserved);
            throw refusal;
        } catch (InterruptedException e) {
            whyNone = whyNone(reserved, whyNone);
            requireWanted(reserved);
            throw e;
        } finally {
            if (pool == null) {
                notStarted(reserved, whyNone + reserved.lostWords());
            } else if (!registry.add(pool)) {
                endLate(pool);
            }
        }
    }

    private static PoolRequestException refusal(PoolPlan plan, Exception why) {
        return switch (why) {
            case PoolRequestException known -> known;
            case PoolFailure failure -> PoolRequestException.failed(failure);
            case IllegalArgumentException wrong -> HostCheck.cannotStart(plan, wrong);
            default -> throw new IllegalStateException(why);
        };
    }

    /** Whatever a start that was given up has failed of, that wish is the reason. */
    private String whyNone(StartingPool reserved, String otherwise) {
        if (!reserved.isGivenUp()) {
            return otherwise;
        }
        return registry.isStopping() ? "its daemon was stopping" : "it was ended by request while it was being started";
    }

    private void requireWanted(StartingPool reserved) {
        if (reserved.isGivenUp()) {
            registry.requireWorking();
            throw endedInItsStart(reserved.id());
        }
    }

    private void notStarted(StartingPool reserved, String why) {
        try {
            Instant now = services.clock().instant();
            services.records().notCreated(reserved, now, why);
            reserved.failed(why);
        } finally {
            registry.startIsOver(reserved.id());
        }
    }

    /** It came while the daemon stops, which waits until this has returned. */
    private void endLate(ManagedPool pool) {
        try {
            pool.close();
        } finally {
            registry.startIsOver(pool.id());
        }
    }

    /** It may be over before the thread that starts it has put it into the list, and its name and its devices are its own until then. */
    private void ended(ManagedPool pool) throws InterruptedException {
        try {
            registry.awaitStart(pool, INTO_THE_LIST);
            automaticRestart.ended(pool);
        } finally {
            registry.forgetOldest();
        }
    }

    /** Refuses where that pool could not be created although {@code replaced}, if there is one, had ended. */
    void requireAdmission(PoolPlan plan, Optional<ManagedPool> replaced) throws InterruptedException {
        requirePossible(plan);
        HostCheck.requireProgram(plan);
        HostCheck.requireRecord(plan, services.ledger());
        fences.look();
        registry.requireRoom(plan, replaced, fences);
    }

    /** Refuses what the settings or the host forbid, whatever else lives here. */
    private void requirePossible(PoolPlan plan) throws InterruptedException {
        services.rules().refusal(plan).ifPresent(refusal -> {
            throw new PoolRequestException(refusal.type(), refusal.message());
        });
        HostCheck.require(plan, services.devices(), System.getenv());
    }

    /** What a lost rank may hold of what that pool would have; empty where nothing is held. */
    Optional<Fence> fence(PoolPlan plan) throws InterruptedException {
        fences.look();
        return fences.before(plan);
    }

    /** After which time it is worth while to look again. */
    Duration again(Fence fence) {
        return fence.again(services.clock().instant());
    }
}
