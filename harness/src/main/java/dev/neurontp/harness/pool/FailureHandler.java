package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.Ranks;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** Ends a pool, because a rank has failed or somebody asks for it, and keeps the reason. Any thread may call. */
final class FailureHandler implements PoolRank.Listener {
    static final String SHUT_DOWN = "the pool was shut down";

    private static final String MISSING =
            "it is the one that the others waited for: it did not answer, so it is stopped,"
                    + " or stuck before it could begin";

    private final Group group;
    private final RendezvousHost rendezvous;
    private final Deadlines deadlines;
    private final Runnable afterEnd;
    private final RankFaults faults = new RankFaults();
    private final ReentrantLock noting = new ReentrantLock();
    private final AtomicReference<PoolTermination> termination = new AtomicReference<>();
    private volatile PoolFailure failure;

    /**
     * Handles the failures of a group.
     *
     * @param communicators where its comm_id comes from
     * @param afterEnd run once, when the pool has ended
     */
    FailureHandler(Group group, CommunicatorSource communicators, Deadlines deadlines, Runnable afterEnd) {
        this.group = group;
        this.rendezvous = new RendezvousHost(communicators, this::fail);
        this.deadlines = deadlines;
        this.afterEnd = afterEnd;
    }

    RendezvousHost rendezvous() {
        return rendezvous;
    }

    @Override
    public void moved(PoolRank rank, RankState state) {
        group.tell(new PoolEvent.RankChanged(rank.rank(), rank.pid(), state));
    }

    @Override
    public void failed(PoolRank rank, RankFault fault) {
        rank.move(RankState.FAILED);
        fail(fault);
        PoolTermination end = termination.get();
        if (end != null) {
            end.force(rank, fault);
        }
    }

    /**
     * Runs {@code faults}, which fails several ranks: the first one begins the end, and no rank is ended before all of them are
     * noted. Else the end of one would show as the fault of another.
     */
    void together(Runnable faults) {
        noting.lock();
        try {
            faults.run();
        } finally {
            noting.unlock();
        }
    }

    /** Notes a fault and begins the end of the pool; never blocks. */
    private void fail(RankFault seen) {
        PoolTermination begun = termination.get();
        if (begun != null && !begun.isOfFailure()) {
            return; // somebody has asked for that end: what a rank then does is told with its end
        }
        RankFault fault = seen.operation().equals(RankFault.IDLE) ? unasked(seen) : seen;
        faults.add(fault);
        group.tell(new PoolEvent.RankFailed(fault.rank(), fault.operation(), fault.reason()));
        Exchange<?> exchange = group.inFlight().orElse(null);
        end(
                false,
                new RootCauseWindow(
                        fault,
                        exchange,
                        () -> together(() -> {}),
                        (rank, awaited) -> unreported(exchange, rank, awaited)),
                PoolState.FAILED);
        if (begun != null && !fault.blamesOthers()) {
            begun.closeWindow();
        }
    }

    /** A fault of a rank of which nothing was asked at that moment: the pool may have been doing something all the same. */
    private RankFault unasked(RankFault seen) {
        boolean inItsStart = faults.rootFirst().stream()
                .findFirst()
                .map(first -> first.operation().equals(RankFault.SPAWN))
                .orElse(group.state() == PoolState.STARTING);
        if (inItsStart) {
            return seen.during(RankFault.SPAWN);
        }
        return group.inFlight()
                .filter(exchange -> !exchange.complete()
                        && exchange.members().stream().anyMatch(rank -> rank.rank() == seen.rank()))
                .map(seen::during)
                .orElse(seen);
    }

    private static void unreported(Exchange<?> exchange, PoolRank rank, boolean awaited) {
        if (!rank.alive()) {
            rank.fail(exchange, RankFault.Nature.EXITED, rank.endWords());
        } else if (awaited) {
            rank.fail(exchange, RankFault.Nature.TIMEOUT, MISSING);
        }
    }

    /** Begins the end, if nobody has; the end that counts. */
    PoolTermination end(boolean graceful) {
        PoolTermination end = end(graceful, RootCauseWindow.NONE, PoolState.STOPPING);
        end.closeWindow();
        return end;
    }

    private PoolTermination end(boolean graceful, RootCauseWindow window, PoolState during) {
        PoolTermination mine = new PoolTermination(group, rendezvous, deadlines, graceful, window);
        PoolTermination other = termination.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        group.end(during);
        Optional<Exchange<?>> exchange = group.inFlight();
        exchange.ifPresent(Exchange::stop);
        mine.start(exchange.isPresent(), () -> {
            group.ended(mine.report().gone());
            afterEnd.run();
        });
        return mine;
    }

    boolean ending() {
        return termination.get() != null;
    }

    /** Throws why no operation is possible any more, if that is so. */
    void requireLive() throws PoolException, InterruptedException {
        if (ending()) {
            throw whyEnded(SHUT_DOWN);
        }
    }

    /** The failure that ended the pool, with all evidence, or that it was shut down. Waits for the end. */
    PoolException whyEnded(String otherwise) throws InterruptedException {
        PoolTermination end = termination.get();
        // The state of the group comes a moment after its end.
        if (end == null || !end.isOfFailure()) {
            return new PoolException.Ended(otherwise);
        }
        end.await();
        return failure().orElseThrow();
    }

    /** The failure that ended the pool, with all evidence; empty before its end is over, and when no rank failed. */
    Optional<PoolFailure> failure() {
        PoolTermination end = termination.get();
        if (group.state() != PoolState.FAILED || end == null || !end.over()) {
            return Optional.empty();
        }
        synchronized (faults) {
            if (failure == null) {
                ShutdownReport report = end.report();
                failure = new PoolFailure(faults.rootFirst().stream()
                        .map(fault -> group.ranks().get(fault.rank()).explain(fault, report.of(fault.rank())))
                        .toList());
            }
            return Optional.of(failure);
        }
    }

    /** Why the pool has failed, one line; empty when it has not. What became of the rank is in it once that is known. */
    Optional<String> reason() {
        String end = failure().map(known -> known.first().end()).orElse("");
        return faults.rootFirst().stream()
                .findFirst()
                .map(fault -> fault.title()
                        + Ranks.where(0, group.ranks().get(fault.rank()).host()) + ": " + fault.reason()
                        + (end.isEmpty() ? "" : "; its end: " + end));
    }
}
