package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ExitHook;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The ranks of one tensor-parallel group, each in a process that speaks the wire, driven as one. Every call has a
 * deadline ({@link Deadlines}). One rank lost, and the group is ended: a pool never comes back.
 *
 * <p>Threads: any thread may call anything. {@link #pingAll}, {@link #init} and {@link #sanityCheck} go one at a time,
 * and a second one hears {@link PoolBusy} at once. {@link #shutdown} and {@link #close} wait for none of them: they end
 * what is in flight.
 */
public final class WorkerPool implements AutoCloseable {
    private final int worldSize;
    private final Deadlines deadlines;
    private final Optional<RankIdentity> local;
    private final Instant started = Instant.now();
    private final ExitHook exitHook = new ExitHook(this::close);
    private final Group group;

    private WorkerPool(PoolLaunch spawn, List<WorkerProcess> processes) {
        this.worldSize = spawn.worldSize();
        this.deadlines = spawn.options().deadlines();
        this.local = spawn.local();
        this.group = new Group(spawn, processes, exitHook::remove);
    }

    /**
     * Starts the workers, all at once, and returns when the processes exist. Whether they speak is for the first
     * {@link #pingAll} to find out, which has the deadline {@code ready}.
     *
     * @param command a program that speaks the wire, and what stands before its {@code --worker}
     * @param worldSize the number of ranks, rank 0 too; 2 to 1024
     * @param devices one device index for each rank, rank 0 too, 0 to 4294967295
     * @throws IllegalArgumentException when the command cannot be started or a number breaks a rule; nothing was started
     * @throws PoolFailure when a process could not be started; none is left
     */
    public static WorkerPool spawn(List<String> command, int worldSize, List<Long> devices, PoolOptions options)
            throws PoolFailure, InterruptedException {
        PoolLaunch spawn = PoolLaunch.check(command, worldSize, devices, options);
        WorkerPool pool = new WorkerPool(spawn, spawn.start());
        pool.group.open();
        return pool;
    }

    /**
     * One device index a rank, from 0 on: what is meant where nobody names devices.
     *
     * @throws IllegalArgumentException when there is no pool of that size
     */
    public static List<Long> firstDevices(int worldSize) {
        PoolLaunch.requireWorldSize(worldSize);
        return LongStream.range(0, worldSize).boxed().toList();
    }

    /** Closes this pool when the JVM ends, by SIGTERM or SIGINT too. Taken back by itself when the pool has ended. */
    public WorkerPool endOnExit() {
        exitHook.install();
        return this;
    }

    /**
     * Asks every worker who it is.
     *
     * @return the times; every pong named the right rank, world size and device
     * @throws PoolFailure when a rank failed; the group has ended then
     * @throws PoolBusy when another operation is in flight
     * @throws PoolEnded when the pool was shut down or closed, before or meanwhile
     * @throws InterruptedException when the caller is interrupted; replies are then outstanding, so the group ends
     */
    public PingResult pingAll() throws PoolException, InterruptedException {
        boolean first = group.state() == PoolState.STARTING;
        Duration limit = first ? deadlines.ready() : deadlines.ping();
        Operation operation = group.begin(Op.PING, limit, group.channels().size());
        try (Exchange flight = new Exchange(group, operation)) {
            group.ask(operation, Requests.ping());
            flight.land();
            if (first) {
                group.move(PoolState.READY, RankState.READY);
            }
            return new PingResult(flight.times(), operation.took());
        }
    }

    /**
     * Joins all ranks into one communicator: one comm_id, sent to every worker before rank 0 joins itself. A pool that was
     * never pinged is pinged first. Throws as {@link #pingAll} does.
     *
     * @throws IllegalStateException when the pool has joined already
     */
    public InitResult init() throws PoolException, InterruptedException {
        if (group.state() == PoolState.STARTING) {
            pingAll();
        }
        Operation operation = group.begin(Op.INIT, deadlines.init(), worldSize);
        try (Exchange flight = new Exchange(group, operation)) {
            if (group.state() == PoolState.JOINED) {
                throw new IllegalStateException("init: this pool has joined already, and a pool joins once");
            }
            group.move(PoolState.JOINING, RankState.JOINING);
            group.seat().serve(operation);
            String commId = flight.awaitCommId();
            group.ask(operation, Requests.init(commId));
            group.seat().init(operation, commId);
            flight.land();
            group.seat().closeRendezvous();
            group.move(PoolState.JOINED, RankState.JOINED);
            return new InitResult(flight.times(), operation.took());
        }
    }

    /**
     * All-reduces the number 1; every rank must come to the world size. Throws as {@link #pingAll} does.
     *
     * @throws IllegalStateException when the pool has not joined
     */
    public SanityResult sanityCheck() throws PoolException, InterruptedException {
        Operation operation = group.begin(Op.SANITY, deadlines.sanity(), worldSize);
        try (Exchange flight = new Exchange(group, operation)) {
            if (group.state() != PoolState.JOINED) {
                throw new IllegalStateException("sanity check: this pool has not joined, init comes first");
            }
            group.ask(operation, Requests.sanity());
            group.seat().sanity(operation);
            flight.land();
            flight.requireValue(worldSize);
            return new SanityResult(worldSize, flight.times(), operation.took());
        }
    }

    /**
     * All-reduces three kinds of numbers, so that a wrong sum names the rank behind it. Only for a pool whose workers all
     * know {@code x_nccl_check}, as ours do: another kind refuses it and the pool is over. Throws as {@link #pingAll} does.
     *
     * @throws IllegalStateException when the pool has not joined
     */
    public void check() throws PoolException, InterruptedException {
        Operation operation = group.begin(Op.CHECK, deadlines.sanity(), worldSize);
        try (Exchange flight = new Exchange(group, operation)) {
            if (group.state() != PoolState.JOINED) {
                throw new IllegalStateException("check: this pool has not joined, init comes first");
            }
            group.ask(operation, Requests.check());
            group.seat().check(operation);
            flight.land();
            flight.requireRightSums(worldSize);
        }
    }

    /**
     * Asks every worker to leave and waits for each process to exit; what does not obey gets SIGTERM, then SIGKILL. An
     * operation in flight is ended, not waited for. On a pool that has ended already, the report of that end.
     *
     * @return how every rank ended, within the deadline {@code stop} and 2 s
     */
    public ShutdownReport shutdown() throws InterruptedException {
        return group.end(true, PoolState.STOPPING).await();
    }

    /**
     * Ends every worker at once, without asking: SIGTERM, then SIGKILL. Also hurries a {@link #shutdown} of another
     * thread. Idempotent. Returns when all are gone or everything was tried, bounded like {@link #shutdown}; when the
     * caller is interrupted, at once, and the end goes on.
     */
    @Override
    public void close() {
        PoolTermination end = group.end(false, PoolState.STOPPING);
        end.hurry();
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The pool at this moment; never blocks. */
    public PoolSnapshot state() {
        List<RankSnapshot> ranks = new ArrayList<>();
        local.ifPresent(identity -> ranks.add(new RankSnapshot(
                0, Optional.empty(), started, identity.cudaDevice(), seatState(), Optional.empty(), Optional.empty())));
        group.channels().forEach(channel -> ranks.add(channel.snapshot()));
        Optional<String> reason = group.troubles().rootFirst().stream()
                .findFirst()
                .map(trouble -> trouble.op().failedOn(trouble.rank()) + ": " + trouble.reason());
        return new PoolSnapshot(
                group.state(), worldSize, ranks, group.inFlight().map(Operation::toString), reason);
    }

    private RankState seatState() {
        return switch (group.state()) {
            case STARTING, READY -> RankState.READY;
            case JOINING -> RankState.JOINING;
            case JOINED -> RankState.JOINED;
            case STOPPING, FAILED -> group.over() ? RankState.GONE : RankState.STOPPING;
            case GONE -> RankState.GONE;
        };
    }
}
