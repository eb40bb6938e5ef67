package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.metric.PoolGauge;
import dev.neurontp.harness.daemon.runtime.RankProcess;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.pool.ShutdownReport;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.process.ResidentMemory;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One pool of a daemon, from its start until it is removed from the list. Any thread may call. */
public final class ManagedPool {
    private final String id;
    private final int epoch;
    private volatile PoolPlan plan;
    private final PoolServices services;
    private final Instant created;
    private final PoolLog log;
    private final PoolEventRecorder recorder;
    private final OperationHistory history;
    private final OperationQueue queue;
    private final WorkerPool pool;
    private final OperationRunner runner;
    private final RestartHistory restarts;
    private final Succession succession;
    private volatile PoolOperation ending;
    private volatile boolean forgotten;
    private volatile PoolOperation spawn;

    /**
     * Starts the processes; {@link #start} is next.
     *
     * @throws IllegalArgumentException when the plan breaks a rule; nothing was started
     * @throws PoolFailure when a process could not be started; none is left
     */
    ManagedPool(StartingPool start, PoolServices services, Fences fences) throws PoolFailure, InterruptedException {
        this.id = start.id();
        this.epoch = start.epoch();
        this.plan = start.plan();
        this.restarts = start.restarts();
        this.services = services;
        this.created = services.clock().instant();
        this.log = start.log();
        RanksElsewhere elsewhere = new RanksElsewhere(id, plan, services, fences);
        this.recorder = new PoolEventRecorder(new Event.Subject(id, epoch), plan, services, report -> {
            fences.addProcesses(Fence.ByProcess.of(id, plan, report));
            elsewhere.ended(report);
            noteRemains(report);
            if (start.waits()) {
                noteLostInItsStart(start, report);
            }
        });
        this.succession = new Succession(recorder::publish);
        this.history = new OperationHistory(id, services.clock());
        this.queue = new OperationQueue(services.waiting(), plan.deadlines().ping());
        PoolOptions options = plan.options(id)
                .withCommandIsWorker(plan.own() || services.commandsAreWorkers().getAsBoolean())
                .withStderr(log)
                .withListener(recorder);
        this.pool = spawn(start, elsewhere, options);
        this.runner = new OperationRunner(id, pool, recorder, services.metrics());
        services.ledger().add(id, processes());
        try {
            recorder.attach(pool);
        } catch (ThreadLimitException e) {
            endUnattended(elsewhere);
            throw new PoolRequestException(ErrorType.HOST_LIMIT, e.getMessage());
        }
    }

    /** Where it is known what may be left of each lost rank: what is not there any more later on is none. */
    private void noteRemains(ShutdownReport report) {
        List<Remains> left = report.lost().stream().map(RankExit::remains).toList();
        if (report.rendezvousClosed() && !left.isEmpty() && left.stream().noneMatch(Remains::none)) {
            services.ledger().lost(id, left);
        }
    }

    /** Nobody has written down yet what it had started here, and nobody will see it in a list of pools. */
    private void noteLostInItsStart(StartingPool start, ShutdownReport report) {
        if (report.lost().isEmpty()) {
            return;
        }
        List<RankProcess> left = report.lost().stream()
                .flatMap(end -> end.remains().known().stream().map(process -> process(end.rank(), process)))
                .toList();
        services.ledger().add(id, left);
        start.lost(report.lost().stream().map(RankExit::rank).toList());
    }

    private void endUnattended(RanksElsewhere elsewhere) {
        try {
            recorder.tellEnds(pool.kill());
        } catch (InterruptedException _) {
            elsewhere.leave();
            Thread.currentThread().interrupt();
        }
    }

    private WorkerPool spawn(StartingPool start, RanksElsewhere elsewhere, PoolOptions options)
            throws PoolFailure, InterruptedException {
        DaemonGuard.ensure();
        try {
            elsewhere.begin();
            return workers(elsewhere, options);
        } finally {
            start.waited();
        }
    }

    private WorkerPool workers(RanksElsewhere elsewhere, PoolOptions options) throws PoolFailure, InterruptedException {
        try {
            return WorkerPool.spawn(plan.command(), plan.worldSize(), plan.devices(), options);
        } catch (IllegalArgumentException e) {
            elsewhere.neverStarted();
            throw e;
        } catch (PoolFailure | InterruptedException | RuntimeException | Error e) {
            if (!recorder.areEndsTold()) {
                elsewhere.leave();
            }
            throw e;
        }
    }

    /** What is done when a pool has ended. */
    @FunctionalInterface
    interface EndListener {
        void ended(ManagedPool pool) throws InterruptedException;
    }

    /** Starts a thread, as {@link DaemonThread} does. */
    @FunctionalInterface
    interface Starter {
        void start(String name, Runnable work) throws ThreadLimitException;
    }

    /**
     * Begins to ask the ranks for their first answer, and from then on pings them from time to time.
     *
     * @param listener is called once all evidence of its end is there, on a thread of its own
     * @throws PoolRequestException when the host gives no such thread; the pool has then ended, and is not restarted
     */
    PoolOperation start(EndListener listener) throws InterruptedException {
        return start(listener, (name, work) -> DaemonThread.startVirtual(name, work, null));
    }

    PoolOperation start(EndListener listener, Starter threads) throws InterruptedException {
        Deadline since = Deadline.in(plan.deadlines().ready());
        PoolOperation operation = request(OperationKind.SPAWN, Duration.ZERO);
        spawn = operation;
        try {
            threads.start("pool-" + id + "-probe", () -> probe(operation, since, listener));
        } catch (ThreadLimitException e) {
            pool.close();
            log.close();
            notRestarted(e.getMessage());
            throw new PoolRequestException(ErrorType.HOST_LIMIT, e.getMessage());
        }
        return operation;
    }

    /** It may have failed before its end, and nobody listens to that: whoever wanted it is told that there is none. */
    private void notRestarted(String why) {
        if (awaitsRestart()) {
            services.log().notRestarted(id, plan, why);
            succession.notRestarted(why);
        }
    }

    /**
     * Asks for an operation and waits until it has begun.
     *
     * @param wait how long the operations before it may take
     * @throws PoolRequestException when they took longer ({@code busy}), or too many wait
     */
    public PoolOperation request(OperationKind kind, Duration wait) throws InterruptedException {
        return request(history.begin(kind, Optional.empty(), kind.limit(plan.deadlines())), wait);
    }

    /**
     * The same for a checked collective.
     *
     * @param limit how long it may take once it has begun
     */
    public PoolOperation collective(XCollective asked, Duration limit, Duration wait) throws InterruptedException {
        return request(history.begin(OperationKind.COLLECTIVE, Optional.of(asked), limit), wait);
    }

    private PoolOperation request(PoolOperation operation, Duration wait) throws InterruptedException {
        OperationKind kind = operation.kind();
        if (kind.preempts()) {
            succession.endAsked();
            return begin(operation);
        }
        boolean mayRun = false;
        try {
            mayRun = queue.acquire(operation, wait);
        } finally {
            if (!mayRun) {
                history.drop(operation);
            }
        }
        if (!mayRun) {
            throw busy();
        }
        runner.start(operation, queue::release);
        return operation;
    }

    /** Ends it in order for one that takes its place, which is no wish that there be none. */
    PoolOperation endToReplace() {
        succession.replacementBegins();
        return begin(history.begin(
                OperationKind.SHUTDOWN, Optional.empty(), OperationKind.SHUTDOWN.limit(plan.deadlines())));
    }

    private PoolOperation begin(PoolOperation end) {
        ending = end;
        runner.start(end, () -> {});
        return end;
    }

    /** It is not in the list of its daemon any more. */
    void forgotten() {
        forgotten = true;
    }

    /** Whether it is not in the list of its daemon any more. */
    public boolean isForgotten() {
        return forgotten;
    }

    private PoolRequestException busy() {
        Optional<ActiveOperation> active = active();
        String what = active.map(ActiveOperation::text).orElse("another operation");
        return new PoolRequestException(
                ErrorType.BUSY,
                "pool " + id + " is busy: " + what + "; ask again later, or wait longer",
                active.map(PoolRequestException.Detail.Busy::new).orElse(null));
    }

    private void probe(PoolOperation spawn, Deadline since, EndListener listener) {
        try {
            spawn.await(plan.deadlines().ready().plus(plan.deadlines().stop()));
            if (spawn.error().isEmpty()) {
                services.metrics().spawned(since.elapsed());
            }
            new LivenessProbe(id, services.proof(), recorder, runner, queue).run();
            log.close();
            listener.ended(this);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
        }
    }

    public String id() {
        return id;
    }

    /** Which pool of its daemon it is, from 1. */
    public int epoch() {
        return epoch;
    }

    public PoolPlan plan() {
        return plan;
    }

    /** Takes what can change while it runs. */
    void configure(PoolPlan other) {
        plan = plan.configuredAs(other);
    }

    /** The restarts that led to it. */
    RestartHistory restarts() {
        return restarts;
    }

    /** How many restarts led to it. */
    public int restartCount() {
        return restarts.count();
    }

    /** Whether another pool takes its place. */
    public Succession succession() {
        return succession;
    }

    /** The operation that waits for its first answers, as long as it does. */
    Optional<PoolOperation> underWay() {
        return Optional.ofNullable(spawn).filter(PoolOperation::isRunning);
    }

    /** Whether it has failed and another pool will be in its place. */
    public boolean awaitsRestart() {
        return wantsRestarts() && succession.isOpen();
    }

    /** Whether it has failed, and its policy is that another one then takes its place. */
    boolean wantsRestarts() {
        return state() == PoolState.FAILED && plan.restart() == RestartPolicy.ON_FAILURE;
    }

    public Instant created() {
        return created;
    }

    /** When all its ranks had joined; empty where that never was. */
    public Optional<Instant> joined() {
        return recorder.joined();
    }

    /** Its state and that of its ranks now. */
    public PoolSnapshot snapshot() {
        return pool.state();
    }

    public PoolState state() {
        return pool.state().state();
    }

    /** Whether it was taken down or has failed, and all evidence is there. */
    public boolean isOver() {
        return recorder.isOver();
    }

    /** When all evidence of its end was there, by {@link System#nanoTime}; only where it {@link #isOver}. */
    long endedNanos() {
        return recorder.endedNanos();
    }

    /** Waits for the evidence of its end; false when the time was over before. */
    public boolean awaitOver(Duration time) throws InterruptedException {
        return recorder.awaitOver(time);
    }

    /**
     * Why it has failed, as the answer to who has asked for it. Waits for the evidence as long as {@code time}; empty without it, and where
     * the pool has not failed.
     */
    public Optional<PoolRequestException> failed(Duration time) throws InterruptedException {
        return state() == PoolState.FAILED && awaitOver(time)
                ? recorder.failure().map(PoolRequestException::failed)
                : Optional.empty();
    }

    /** The length of what it keeps of its workers' words, in characters. */
    long textLength() {
        return log.ring().weight() + recorder.textLength();
    }

    public PoolLog log() {
        return log;
    }

    /** That operation, if it is still known. */
    public Optional<PoolOperation> operation(String operationId) {
        return history.find(operationId);
    }

    /** Ends it at once, and returns when all evidence of that is there or it has timed out. */
    void close() {
        pool.close();
        try {
            awaitOver(plan.deadlines().stop());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The operation that is under way. */
    public Optional<ActiveOperation> active() {
        return running().map(operation -> operation.seen(pool.state()));
    }

    private Optional<ActiveOperation> running() {
        PoolOperation last = ending;
        return last != null && last.isRunning() ? Optional.of(last.active()) : queue.active();
    }

    /** How long ago every rank replied; empty when that never was. */
    Optional<Duration> sinceLastReply() {
        return runner.sinceLastReply();
    }

    /** How long that round trip took. */
    Optional<Duration> lastRoundTrip() {
        return runner.lastRoundTrip();
    }

    /** Whether all of it has ended, and was seen to. */
    boolean isGone() {
        return recorder.gone().orElse(false);
    }

    /** Everything known of it now. Reads a file of {@code /proc} for each rank. */
    public PoolStatus status() {
        PoolSnapshot now = pool.state();
        Optional<Set<Long>> arrived = pool.arrived();
        return new PoolStatus(
                now,
                running().map(operation -> operation.seen(now)),
                recorder.ended(),
                recorder.gone(),
                recorder.failure(),
                now.ranks().stream()
                        .map(rank -> rank(rank, arrived.map(ranks -> ranks.contains((long) rank.rank()))))
                        .toList());
    }

    private PoolStatus.Rank rank(RankSnapshot rank, Optional<Boolean> arrived) {
        return new PoolStatus.Rank(
                rank,
                rank.host().isPresent()
                        ? rank.rssBytes()
                        : rank.process()
                                .filter(ProcessIdentity::alive)
                                .map(ProcessIdentity::pid)
                                .flatMap(ResidentMemory::of),
                // The pid of another host means nothing to the nvidia-smi of this one.
                rank.process()
                        .filter(_ -> rank.host().isEmpty())
                        .map(ProcessIdentity::pid)
                        .flatMap(services.devices()::usedBy),
                rank.process().filter(ProcessIdentity::stopped).isPresent(),
                arrived,
                log.last(rank.rank()),
                recorder.exit(rank.rank()));
    }

    /** What the gauges show of it. */
    public PoolGauge gauge() {
        PoolSnapshot now = pool.state();
        return new PoolGauge(
                id,
                plan.name(),
                plan.communicatorLabel(),
                now.state(),
                plan.worldSize(),
                now.ranks().stream()
                        .map(rank -> new PoolGauge.Rank(rank.state(), rank.host()))
                        .toList());
    }

    private List<RankProcess> processes() {
        return pool.state().ranks().stream()
                .flatMap(rank -> rank.child().stream().map(process -> process(rank.rank(), process)))
                .toList();
    }

    private RankProcess process(int rank, ProcessIdentity process) {
        boolean holds = plan.placement().isEmpty() && plan.communicator().needsGpu();
        return new RankProcess(rank, process, holds ? Optional.of(plan.devices().get(rank)) : Optional.empty());
    }
}
