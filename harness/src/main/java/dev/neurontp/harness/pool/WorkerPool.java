package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The ranks of one tensor-parallel group, each in a process that speaks the wire, driven as one. Every call has a
 * deadline ({@link Deadlines}). When one rank is lost, every rank is ended: a pool never recovers.
 *
 * <p>Threads: any thread may call anything. Operations go one at a time, and a second one is refused at once ({@link
 * PoolException.Busy}). {@link #shutdown} and {@link #close} wait for none of them: they end
 * what is in flight.
 */
public final class WorkerPool implements AutoCloseable {
    private final ExitHook exitHook = new ExitHook("pool-exit", this::close);
    private final Group group;
    private final FailureHandler failures;
    private final Operations operations;
    private final WriteStallWatchdog watchdog;

    private WorkerPool(PoolLaunch launch, List<PoolRank> ranks, Duration startTook) {
        PoolOptions options = launch.options();
        this.group = new Group(ranks, options.listener());
        this.watchdog = new WriteStallWatchdog(group::inFlight);
        this.failures = new FailureHandler(group, launch.communicators(), options.deadlines(), () -> {
            watchdog.stop();
            exitHook.remove();
        });
        this.operations = new Operations(group, failures, options.deadlines(), startTook, launch.comparesGpus());
    }

    /**
     * Starts the workers, all at once, and returns when the processes exist. Whether they answer is found by the first
     * {@link #pingAll}, which has what is left of the deadline {@code ready}, and at least that of a ping.
     *
     * <p>On other hosts it waits for their agents, and an interrupt ends that wait: then the pool is there, its end has begun, and the
     * caller's interrupt stays.
     *
     * @param command a program that speaks the wire, and what stands before its {@code --worker}
     * @param worldSize the number of ranks, rank 0 too; 1 to 1024
     * @param devices one device index for each rank, rank 0 too, 0 to 4294967295
     * @throws IllegalArgumentException when the command cannot be started or a number breaks a rule; nothing was started
     * @throws PoolFailure when a process could not be started; none is left
     */
    public static WorkerPool spawn(List<String> command, int worldSize, List<Long> devices, PoolOptions options)
            throws PoolFailure, InterruptedException {
        PoolLaunch launch = PoolLaunch.check(command, worldSize, devices, options);
        Deadline ready = Deadline.in(options.deadlines().ready());
        List<PoolRank> ranks = launch.start();
        WorkerPool pool = new WorkerPool(launch, ranks, ready.elapsed());
        boolean endsAtOnce =
                options.placement().isPresent() && Thread.currentThread().isInterrupted();
        if (endsAtOnce) {
            ranks.forEach(PoolRank::leave);
        }
        pool.group.tell(new PoolEvent.PoolCreated());
        // Only now: whatever a rank reports, the pool is complete.
        pool.open();
        if (endsAtOnce) {
            pool.failures.end(false);
        }
        return pool;
    }

    /** Where a thread cannot be started the pool has failed, and says so to the first operation. */
    private void open() {
        group.ranks().forEach(rank -> rank.open(failures));
        try {
            watchdog.start();
        } catch (ThreadLimitException e) {
            group.ranks().getFirst().fail(null, RankFault.Nature.EXITED, e.getMessage());
        }
    }

    /**
     * One device index per rank, from 0 on: the default.
     *
     * @throws IllegalArgumentException when there is no pool of that size
     */
    public static List<Long> firstDevices(int worldSize) {
        PoolLaunch.requireWorldSize(worldSize);
        return LongStream.range(0, worldSize).boxed().toList();
    }

    /** Closes this pool when the JVM ends, by SIGTERM or SIGINT too. This undoes itself when the pool has ended. */
    public WorkerPool endOnExit() {
        exitHook.install();
        return this;
    }

    /**
     * Asks all ranks at once and waits for all replies: one fan-out costs about one round trip. A pool that was never
     * pinged is pinged before it joins.
     *
     * @return what every rank answered, and how long it took; every reply is the right one
     * @throws PoolFailure when a rank failed; the pool has ended then
     * @throws PoolException.Busy when another operation is in flight
     * @throws PoolException.Ended when the pool was shut down or closed, before or meanwhile
     * @throws InterruptedException when the caller is interrupted; replies are then outstanding, so the pool ends
     * @throws IllegalStateException when the pool has not joined and must have for this, or the other way round
     */
    public <R extends WorkerResponse> OperationResult<R> run(Operation<R> operation)
            throws PoolException, InterruptedException {
        return operations.run(operation);
    }

    /** Asks every worker who it is: {@link Operation#PING}. Throws as {@link #run} does. */
    public OperationResult<WorkerResponse.Pong> pingAll() throws PoolException, InterruptedException {
        return run(Operation.PING);
    }

    /**
     * Joins all ranks into one communicator: {@link Operation#INIT}. There is one comm_id, sent to every worker before rank 0
     * joins. Throws as {@link #run} does.
     */
    public OperationResult<WorkerResponse.InitOk> init() throws PoolException, InterruptedException {
        return run(Operation.INIT);
    }

    /** All-reduces the number 1: {@link Operation#SANITY}. Throws as {@link #run} does. */
    public OperationResult<WorkerResponse.NcclSanityResult> sanityCheck() throws PoolException, InterruptedException {
        return run(Operation.SANITY);
    }

    /**
     * All-reduces three kinds of numbers, so that a wrong sum names the rank behind it: {@link Operation#CHECK}. Only for a
     * pool whose workers all know {@code x_nccl_check}, as ours do: another worker answers with an error, and the pool has
     * failed. Throws as {@link #run} does.
     */
    public OperationResult<WorkerResponse.XNcclCheckResult> check() throws PoolException, InterruptedException {
        return run(Operation.CHECK);
    }

    /**
     * Asks every worker to leave and waits for each process to exit; what does not obey gets SIGTERM, then SIGKILL. An
     * operation in flight is ended, not waited for. On a pool that has ended already, the report of that end.
     *
     * @return how every rank ended, within the deadline {@code stop} and 2 s; where this program itself stood still meanwhile, that of
     *     SIGKILL and 2 s more
     */
    public ShutdownReport shutdown() throws InterruptedException {
        return failures.end(true).await();
    }

    /**
     * Ends every worker at once, without asking: SIGTERM, then SIGKILL. A {@link #shutdown} of another thread waits no longer
     * for workers that it has asked. Idempotent.
     *
     * @return how every rank ended, within the same bound as that of {@link #shutdown}
     */
    public ShutdownReport kill() throws InterruptedException {
        PoolTermination end = failures.end(false);
        end.force();
        return end.await();
    }

    /** {@link #kill}. When the caller is interrupted, returns at once, and the end goes on. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Why the pool has failed, with all evidence. Empty when it has not, and until its end is over, so after {@link #shutdown}
     * it is there. Never blocks.
     */
    public Optional<PoolFailure> failure() {
        return failures.failure();
    }

    /** While the ranks join: those that have come so far; empty before and after that, and where nobody can tell. */
    public Optional<Set<Long>> arrived() {
        return group.state() == PoolState.JOINING ? failures.rendezvous().arrived() : Optional.empty();
    }

    /** The pool at this moment; never blocks. */
    public PoolSnapshot state() {
        return new PoolSnapshot(
                group.state(),
                group.ranks().size(),
                group.ranks().stream().map(PoolRank::snapshot).toList(),
                group.inFlight().map(Exchange::toString),
                group.inFlight().map(Exchange::unanswered).orElse(List.of()),
                failures.reason());
    }
}
