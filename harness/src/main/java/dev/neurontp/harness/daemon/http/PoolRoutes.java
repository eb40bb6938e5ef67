package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.mapper.OperationMapper;
import dev.neurontp.harness.daemon.mapper.PoolMapper;
import dev.neurontp.harness.daemon.pool.BackgroundStart;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.OperationKind;
import dev.neurontp.harness.daemon.pool.PoolCreator;
import dev.neurontp.harness.daemon.pool.PoolOperation;
import dev.neurontp.harness.daemon.pool.PoolPlan;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import dev.neurontp.harness.daemon.pool.PoolRequestException;
import dev.neurontp.harness.daemon.pool.PoolUpdates;
import dev.neurontp.harness.daemon.pool.StartingPool;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.XCollective;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Pools and their operations. */
final class PoolRoutes {
    private static final Duration PING_WAIT = Duration.ofSeconds(5);
    /** A launcher that is not heard gets SIGKILL, and two seconds for that. */
    private static final Duration START_ENDS = Duration.ofSeconds(10);
    /** What a rank needs after its own bound to say what it has waited for. */
    private static final Duration AFTER_RANKS = Duration.ofSeconds(10);

    private static final Set<PoolView.State> UP =
            EnumSet.of(PoolView.State.READY, PoolView.State.JOINING, PoolView.State.JOINED);

    private final PoolRegistry registry;
    private final PoolCreator creator;
    private final PoolUpdates updates;
    private final PastPoolViews past;
    private final PoolRequestReader plans;
    private final RequestBody body;

    PoolRoutes(
            PoolRegistry registry, PoolCreator creator, PastPoolViews past, PoolRequestReader plans, RequestBody body) {
        this.registry = registry;
        this.creator = creator;
        this.updates = new PoolUpdates(registry, creator);
        this.past = past;
        this.plans = plans;
        this.body = body;
    }

    void list(Context context) throws InterruptedException {
        boolean all = QueryParameters.of(context, "all").flag("all", false);
        List<PoolSummary> pools = new ArrayList<>(all ? past.all() : List.of());
        PoolRegistry.Listed listed = registry.listed();
        Stream.concat(
                        listed.pools().stream().map(PoolMapper::summary),
                        listed.starting().stream().map(PoolMapper::summary))
                .sorted(Comparator.comparingInt(PoolSummary::epoch))
                .forEach(pools::add);
        Responses.json(context, 200, new PoolSummary.Listing(pools));
    }

    void show(Context context) throws InterruptedException {
        QueryParameters.of(context);
        Optional<StartingPool> starting = registry.starting(context.pathParam("id"));
        if (starting.isPresent()) {
            Responses.json(context, 200, PoolMapper.view(starting.get()));
            return;
        }
        Optional<PastPool> found = past.find(context.pathParam("id"));
        Responses.json(context, 200, found.isPresent() ? past.view(found.get()) : PoolMapper.view(pool(context)));
    }

    void create(Context context) throws InterruptedException {
        QueryParameters query = QueryParameters.of(context, "wait", "dry_run");
        Duration wait = query.wait(Duration.ZERO);
        boolean dryRun = query.flag("dry_run", false);
        registry.requireWorking();
        PoolPlan plan = plans.read(body.read(context));
        if (dryRun) {
            Responses.json(context, 200, PoolMapper.applied(updates.created(plan)));
        } else if (plan.placement().isPresent() && query.text("wait").isPresent()) {
            createdElsewhere(context, plan, wait);
        } else {
            created(context, creator.create(plan), wait);
        }
    }

    /** Its hosts may be silent for longer than its client waits, who must know its id. */
    private void createdElsewhere(Context context, PoolPlan plan, Duration wait) throws InterruptedException {
        Deadline deadline = Deadline.in(wait);
        BackgroundStart start = BackgroundStart.of(creator, plan);
        Optional<PoolCreator.Created> created = start.await(deadline);
        if (created.isPresent()) {
            // At least a moment: without any time an error would be nobody's.
            created(context, created.get(), Duration.ofNanos(Math.max(1, deadline.remainingNanos())));
        } else {
            context.header("Location", "/pools/" + start.starting().id());
            Responses.json(context, 202, PoolMapper.view(start.starting()));
        }
    }

    void apply(Context context) throws InterruptedException {
        QueryParameters query = QueryParameters.of(context, "wait", "dry_run");
        Duration wait = query.wait(Duration.ZERO);
        boolean dryRun = query.flag("dry_run", false);
        registry.requireWorking();
        PoolPlan plan = plans.read(body.read(context), context.pathParam("id"));
        PoolUpdates.Applied applied = updates.apply(plan, dryRun);
        if (applied.start().isPresent()) {
            if (applied.isNew()) {
                applied.pool().ifPresent(pool -> context.header("Location", "/pools/" + pool.id()));
            }
            PoolOperation start = applied.start().get();
            PoolApplied view = afterStart(start, applied.pool(), () -> PoolMapper.applied(applied), wait);
            int status = applied.isNew() ? createdStatus(start, view.pool()) : 200;
            Responses.json(context, status, view);
            return;
        }
        Responses.json(context, 200, PoolMapper.applied(applied));
    }

    void restart(Context context) throws InterruptedException {
        Duration wait = QueryParameters.of(context, "wait").wait(Duration.ZERO);
        ManagedPool pool = pool(context);
        registry.requireWorking();
        created(context, updates.restart(pool), wait);
    }

    private static void created(Context context, PoolCreator.Created created, Duration wait)
            throws InterruptedException {
        context.header("Location", "/pools/" + created.pool().id());
        ManagedPool pool = created.pool();
        PoolView view = afterStart(created.operation(), Optional.of(pool), () -> PoolMapper.view(pool), wait);
        Responses.json(context, createdStatus(created.operation(), Optional.of(view)), view);
    }

    /**
     * What is shown of a pool once its start was waited for. One that was up and has failed by then is an error as well: whoever asked
     * for it would take it for one that lives.
     */
    private static <T> T afterStart(PoolOperation start, Optional<ManagedPool> pool, Supplier<T> view, Duration wait)
            throws InterruptedException {
        Deadline deadline = Deadline.in(wait);
        start.await(wait);
        T shown = view.get();
        Optional<PoolRequestException> error = start.error();
        if (error.isEmpty() && start.hasSucceeded() && pool.isPresent()) {
            error = pool.get().failed(Duration.ofNanos(deadline.remainingNanos()));
        }
        error.filter(_ -> !wait.isZero()).ifPresent(failed -> {
            throw failed;
        });
        return shown;
    }

    /**
     * One that has failed already is 202 as well where nobody waits for it, or not long enough for the evidence: it was accepted, and its
     * state says the rest.
     */
    private static int createdStatus(PoolOperation start, Optional<PoolView> pool) {
        boolean up = pool.flatMap(view -> PoolView.State.of(view.state()))
                .filter(UP::contains)
                .isPresent();
        return start.hasSucceeded() && up ? 201 : 202;
    }

    void ping(Context context) throws InterruptedException {
        operate(context, OperationKind.PING, PING_WAIT);
    }

    void init(Context context) throws InterruptedException {
        operate(context, OperationKind.INIT, Duration.ZERO);
    }

    void sanity(Context context) throws InterruptedException {
        operate(context, OperationKind.SANITY, Duration.ZERO);
    }

    void device(Context context) throws InterruptedException {
        operate(context, OperationKind.DEVICE, Duration.ZERO);
    }

    void collective(Context context) throws InterruptedException {
        Duration wait = QueryParameters.of(context, "wait").wait(Duration.ZERO);
        ManagedPool pool = pool(context);
        registry.requireWorking();
        XCollective asked = CollectiveReader.read(body.read(context));
        Deadline deadline = Deadline.in(wait);
        Duration limit = Duration.ofMillis(asked.timeoutMs()).plus(AFTER_RANKS);
        answer(context, pool, pool.collective(asked, limit, wait), deadline);
    }

    private void operate(Context context, OperationKind kind, Duration usualWait) throws InterruptedException {
        Duration wait = QueryParameters.of(context, "wait").wait(usualWait);
        ManagedPool pool = pool(context);
        registry.requireWorking();
        Deadline deadline = Deadline.in(wait);
        answer(context, pool, pool.request(kind, wait), deadline);
    }

    void shutdown(Context context) throws InterruptedException {
        Deadline deadline = Deadline.in(QueryParameters.of(context, "wait").wait(Duration.ZERO));
        ManagedPool pool = registry.getToEnd(context.pathParam("id"), START_ENDS);
        answer(context, pool, pool.request(OperationKind.SHUTDOWN, Duration.ZERO), deadline);
    }

    void delete(Context context) throws InterruptedException {
        Deadline deadline = Deadline.in(QueryParameters.of(context, "wait").wait(Duration.ZERO));
        ManagedPool pool = registry.getToEnd(context.pathParam("id"), START_ENDS);
        if (pool.isOver()) {
            registry.forget(pool);
            PoolOperation forgotten = pool.request(OperationKind.FORGET, Duration.ZERO);
            forgotten.await(PING_WAIT);
            Responses.json(context, 200, OperationMapper.view(forgotten));
            return;
        }
        answer(context, pool, pool.request(OperationKind.END, Duration.ZERO), deadline);
    }

    void operation(Context context) throws InterruptedException {
        Duration wait = QueryParameters.of(context, "wait").wait(Duration.ZERO);
        String id = context.pathParam("operation");
        PoolOperation operation = pool(context)
                .operation(id)
                .orElseThrow(() -> new ApiException(
                        ErrorType.NO_SUCH_OPERATION,
                        "this pool has no such operation: there never was one, or it ended too long ago"));
        operation.await(wait);
        Responses.json(context, 200, OperationMapper.view(operation));
    }

    private static void answer(Context context, ManagedPool pool, PoolOperation operation, Deadline deadline)
            throws InterruptedException {
        boolean over = operation.await(Duration.ofNanos(deadline.remainingNanos()));
        if (over) {
            operation.error().ifPresent(error -> {
                throw error;
            });
        } else {
            context.header("Location", "/pools/" + pool.id() + "/operations/" + operation.id());
        }
        Responses.json(context, over ? 200 : 202, OperationMapper.view(operation));
    }

    private ManagedPool pool(Context context) {
        return registry.get(context.pathParam("id"));
    }
}
