package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ranks of a pool as a unit: one operation in flight, one state, one end. */
final class Group implements ChannelWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);
    private static final String MISSING =
            "it is the one that the others waited for: it did not answer, so it is stopped,"
                    + " or stuck before it could begin";

    private final PoolOptions options;
    private final List<RankChannel> channels = new ArrayList<>();
    private final LocalRank seat;
    private final RankFaults troubles = new RankFaults();
    private final AtomicReference<Operation> inFlight = new AtomicReference<>();
    private final AtomicReference<PoolTermination> ending = new AtomicReference<>();
    private final WriteStallWatchdog stallWatch;
    private final Runnable afterEnd;
    private volatile PoolState state = PoolState.STARTING;
    private volatile PoolFailure failure;

    Group(PoolLaunch spawn, List<WorkerProcess> processes, Runnable afterEnd) {
        this.options = spawn.options();
        this.afterEnd = afterEnd;
        this.seat = new LocalRank(spawn.collectives(), spawn.local(), processes.size(), this::seatTroubled);
        for (int member = 0; member < processes.size(); member++) {
            RankIdentity identity = spawn.processes().get(member);
            channels.add(new RankChannel(member, identity, processes.get(member), this));
        }
        this.stallWatch = new WriteStallWatchdog(inFlight::get, this::stalled);
    }

    /** Lets the readers run: whatever they find, the group is complete. */
    void open() {
        channels.forEach(RankChannel::open);
    }

    PoolState state() {
        return state;
    }

    List<RankChannel> channels() {
        return channels;
    }

    LocalRank seat() {
        return seat;
    }

    Optional<Operation> inFlight() {
        return Optional.ofNullable(inFlight.get());
    }

    RankFaults troubles() {
        return troubles;
    }

    /** Whether its end is over. */
    boolean over() {
        PoolTermination end = ending.get();
        return end != null && end.over();
    }

    boolean ending() {
        return ending.get() != null;
    }

    /** Takes the one place for an operation. */
    Operation begin(Op op, Duration limit, int members) throws PoolException, InterruptedException {
        requireLive();
        Operation operation = new Operation(op, limit, members);
        Operation other = inFlight.compareAndExchange(null, operation);
        if (other != null) {
            throw new PoolBusy(other.op(), other.elapsed(), other.limit());
        }
        if (ending()) {
            release(operation);
            requireLive();
        }
        return operation;
    }

    void release(Operation operation) {
        inFlight.compareAndSet(operation, null);
    }

    /** Writes a request to every process; the deadline begins. */
    void ask(Operation operation, byte[] line) {
        operation.begin();
        for (RankChannel channel : channels) {
            channel.ask(operation, line);
        }
        operation.written();
    }

    /** Changes the state of the group and its ranks together, unless its end has begun. */
    synchronized void move(PoolState next, RankState ranks) {
        if (ending()) {
            return;
        }
        channels.forEach(channel -> channel.move(ranks));
        enter(next);
    }

    private synchronized void enter(PoolState next) {
        if (state != next) {
            state = next;
            tell(new PoolEvent.PoolChanged(next));
        }
    }

    @Override
    public void moved(RankChannel channel, RankState next) {
        tell(new PoolEvent.RankChanged(
                channel.rank(), channel.process().identity().pid(), next));
    }

    @Override
    public void troubled(RankChannel channel, RankFault trouble) {
        channel.move(RankState.FAILED);
        fail(trouble);
        PoolTermination end = ending.get();
        if (end != null) {
            end.hurry(channel);
        }
    }

    private void seatTroubled(RankFault trouble) {
        PoolTermination end = ending.get();
        // Once the ranks are told to end our own abort speaks, not a failure.
        if (end == null || end.listening()) {
            fail(trouble);
        }
    }

    private void stalled(Operation operation) {
        channels.get(operation.writingTo())
                .trouble(operation, RankFault.Nature.TIMEOUT, "it does not read its stdin: the pipe to it is full");
    }

    /** Notes a failure and begins the end of the group; never blocks. */
    void fail(RankFault seen) {
        PoolTermination begun = ending.get();
        if (begun != null && begun.graceful()) {
            LOG.warn("rank {} while shutting down: {}", seen.rank(), seen.reason());
            return;
        }
        boolean starting = state == PoolState.STARTING && seen.op() == Op.IDLE;
        RankFault trouble = starting ? seen.during(Op.SPAWN) : seen;
        troubles.add(trouble);
        tell(new PoolEvent.RankFailed(trouble.rank(), trouble.op(), trouble.reason()));
        Operation operation = inFlight.get();
        end(
                false,
                new RootCauseWindow(trouble, operation, (member, awaited) -> silent(operation, member, awaited)),
                PoolState.FAILED);
        if (begun != null && !trouble.blamesOthers()) {
            begun.cutHearing();
        }
    }

    private void silent(Operation operation, int member, boolean awaited) {
        if (member == channels.size()) {
            if (awaited) {
                fail(RankFault.of(0, operation.op(), operation.elapsed(), RankFault.Nature.TIMEOUT, MISSING));
            }
            return;
        }
        RankChannel channel = channels.get(member);
        if (!channel.process().identity().alive()) {
            channel.trouble(operation, RankFault.Nature.EXITED, "its process ended");
        } else if (awaited) {
            channel.trouble(operation, RankFault.Nature.TIMEOUT, MISSING);
        }
    }

    /** Begins the end, if nobody has; the end that counts. */
    PoolTermination end(boolean graceful, PoolState during) {
        PoolTermination end = end(graceful, RootCauseWindow.NONE, during);
        end.cutHearing();
        return end;
    }

    private PoolTermination end(boolean graceful, RootCauseWindow hearing, PoolState during) {
        PoolTermination mine = new PoolTermination(channels, seat, options.deadlines(), graceful, hearing);
        PoolTermination other = ending.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        enter(during);
        Operation operation = inFlight.get();
        if (operation != null) {
            operation.stop();
        }
        mine.start(operation != null, end -> tell(new PoolEvent.RankEnded(end)), this::ended);
        return mine;
    }

    private void ended() {
        stallWatch.stop();
        if (state == PoolState.STOPPING) {
            enter(PoolState.GONE);
        }
        afterEnd.run();
    }

    /** Throws why no operation can be made any more, if that is so. */
    void requireLive() throws PoolException, InterruptedException {
        if (ending()) {
            throw whyEnded("the pool was shut down");
        }
    }

    /** The failure that ended the group, with all evidence, or that it was told to end. Waits for the end. */
    PoolException whyEnded(String otherwise) throws InterruptedException {
        PoolTermination end = ending.get();
        if (state != PoolState.FAILED) {
            return new PoolEnded(otherwise);
        }
        ShutdownReport report = end.await();
        synchronized (troubles) {
            if (failure == null) {
                failure = FailureReport.of(troubles.rootFirst(), channels, report);
            }
            return failure;
        }
    }

    private void tell(PoolEvent event) {
        try {
            options.listener().on(event);
        } catch (RuntimeException e) {
            LOG.warn("the pool's listener failed on {}: {}", event, e.toString());
        }
    }
}
