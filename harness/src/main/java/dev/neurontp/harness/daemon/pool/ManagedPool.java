package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ApiException;
import dev.neurontp.harness.api.BusyView;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.event.EventBuilder;
import dev.neurontp.harness.daemon.event.EventType;
import dev.neurontp.harness.daemon.metric.PoolGauge;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.RankZero;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pool of a daemon, from its coming up until it is taken out of the list. Any thread may call. */
public final class ManagedPool {
    private final String id;
    private final int epoch;
    private final PoolPlan plan;
    private final PoolServices around;
    private final Instant created;
    private final PoolLog log;
    private final PoolEventRecorder watch;
    private final OperationHistory history;
    private final OperationQueue turn;
    private final WorkerPool pool;
    private final OperationRunner work;
    private volatile PoolOperation ending;

    /**
     * Starts the processes; {@link #comeUp} is next.
     *
     * @throws IllegalArgumentException when the plan breaks a rule; nothing was started
     * @throws PoolFailure when a process could not be started; none is left
     */
    ManagedPool(String id, int epoch, PoolPlan plan, PoolServices around) throws PoolFailure, InterruptedException {
        this.id = id;
        this.epoch = epoch;
        this.plan = plan;
        this.around = around;
        this.created = around.clock().instant();
        this.log = new PoolLog(around.logLines(), around.clock());
        this.watch = new PoolEventRecorder(id, epoch, around);
        this.history = new OperationHistory(id, around.clock());
        this.turn = new OperationQueue(around.waiting(), plan.deadlines().ping());
        PoolOptions options = PoolOptions.DEFAULT
                .withCommunicator(plan.communicator())
                .withDeadlines(plan.deadlines())
                .withRankZero(RankZero.SPAWNED)
                .withStderr(log)
                .withListener(watch);
        this.pool = WorkerPool.spawn(plan.command(), plan.worldSize(), plan.devices(), options);
        watch.publish(EventBuilder.of(EventType.POOL_CREATED).state("starting"));
        this.work = new OperationRunner(pool, watch, around.metrics());
        watch.watch(pool);
        around.ledger().add(id, processes());
    }

    /** Begins to ask the ranks for their first answer, and then from time to time for proof. */
    PoolOperation comeUp() throws InterruptedException {
        Deadline since = Deadline.in(plan.deadlines().ready());
        PoolOperation operation = request(OperationKind.SPAWN, Duration.ZERO);
        Thread.ofVirtual().name("pool-" + id + "-proof").start(() -> keepProven(operation, since));
        return operation;
    }

    /**
     * Asks for an operation and waits until it has begun.
     *
     * @param wait for its turn
     * @throws ApiException when the turn did not come in time ({@code busy}), or too many wait
     */
    public PoolOperation request(OperationKind kind, Duration wait) throws InterruptedException {
        PoolOperation operation = history.begin(kind, kind.limit(plan.deadlines()));
        if (kind.preempts()) {
            ending = operation;
            work.start(operation, () -> {});
            return operation;
        }
        boolean granted = false;
        try {
            granted = turn.take(operation, wait);
        } finally {
            if (!granted) {
                history.drop(operation);
            }
        }
        if (!granted) {
            throw busyRefusal();
        }
        work.start(operation, turn::give);
        return operation;
    }

    private ApiException busyRefusal() {
        Optional<BusyView> busy = busy();
        String what = busy.map(BusyView::text).orElse("another operation");
        return new ApiException(
                ErrorType.BUSY,
                "pool " + id + " is busy: " + what + "; ask again later, or wait longer, as with ?wait=30s",
                busy.<Map<String, Object>>map(view -> Map.of("busy", view)).orElse(Map.of()));
    }

    private void keepProven(PoolOperation spawn, Deadline since) {
        try {
            spawn.await(plan.deadlines().ready().plus(plan.deadlines().stop()));
            if (spawn.error().isEmpty()) {
                around.metrics().spawned(since.elapsed());
            }
            new LivenessProbe(id, around.proof(), watch, work, turn).keep();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
        }
    }

    public String id() {
        return id;
    }

    public PoolState state() {
        return pool.state().state();
    }

    /** Whether it was taken down or has failed, and all evidence is there. */
    public boolean isOver() {
        return watch.isOver();
    }

    /** Waits for the evidence of its end; false when the time was over before. */
    public boolean awaitOver(Duration time) throws InterruptedException {
        return watch.awaitOver(time);
    }

    public PoolLog log() {
        return log;
    }

    /** That operation, if it is still known. */
    public Optional<PoolOperation> operation(String operationId) {
        return history.find(operationId);
    }

    /** Ends it at once, and returns when that is done or was tried long enough. */
    void close() {
        pool.close();
    }

    /** What is under way. */
    public Optional<BusyView> busy() {
        PoolOperation last = ending;
        return last != null && last.isRunning() ? Optional.of(last.busy()) : turn.busy();
    }

    Optional<Duration> provenSince() {
        return work.provenSince();
    }

    Optional<Duration> provenTook() {
        return work.provenTook();
    }

    public PoolSummary summary() {
        return PoolMapper.summary(this, pool.state());
    }

    public PoolView view() {
        return PoolMapper.view(this, pool.state(), watch, around.devices());
    }

    /** What the gauges show of it. */
    public PoolGauge gauge() {
        PoolSnapshot now = pool.state();
        return new PoolGauge(
                id, now.state(), now.ranks().stream().map(RankSnapshot::state).toList());
    }

    int epoch() {
        return epoch;
    }

    PoolPlan plan() {
        return plan;
    }

    Instant created() {
        return created;
    }

    Optional<String> reason() {
        return pool.state().reason();
    }

    private List<ProcessIdentity> processes() {
        return pool.state().ranks().stream()
                .flatMap(rank -> rank.process().stream())
                .toList();
    }
}
