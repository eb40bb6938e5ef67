package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.KeptInterrupt;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a whole pool, all ranks in parallel under one deadline. Happens once; any thread may wait for it. */
final class PoolTermination {
    /** After the last step: what a worker left behind, and the readers. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(PoolTermination.class);

    private final Group group;
    private final RendezvousHost rendezvous;
    private final Deadlines deadlines;
    private final Deadline whole;
    private final Exchange<WorkerResponse.Bye> shutdown;
    private final RootCauseWindow window;
    private final Queue<RankExit> exits = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile ShutdownReport report;
    /** Whether the thread that conducts it was. */
    private boolean interrupted;

    /**
     * Prepares the end.
     *
     * @param graceful whether the workers are asked to leave before they are ended
     * @param window open before the first step, so that the root cause of a failure is seen too
     */
    PoolTermination(
            Group group, RendezvousHost rendezvous, Deadlines deadlines, boolean graceful, RootCauseWindow window) {
        this.group = group;
        this.rendezvous = rendezvous;
        this.deadlines = deadlines;
        this.window = window;
        this.whole = Deadline.in(deadlines.stop().plus(window.bound()));
        this.shutdown = graceful
                ? new Exchange<>(Operation.SHUTDOWN, deadlines.bye(), group.members(Operation.SHUTDOWN))
                : null;
    }

    boolean graceful() {
        return shutdown != null;
    }

    /** Whether it began with the failure of a rank. */
    boolean isOfFailure() {
        return window.isOfFailure();
    }

    /**
     * Begins, on threads of its own; on the caller's where the host gives no more.
     *
     * @param busy whether an operation was in flight, in which a rank may be blocked
     * @param after run once, when all is over
     */
    void start(boolean busy, Runnable after) {
        PoolRank.Termination termination = new PoolRank.Termination(shutdown, busy || !graceful(), deadlines, whole);
        try {
            DaemonThread.start("pool-end", () -> conduct(termination, after));
        } catch (ThreadLimitException e) {
            LOG.warn("the end of a pool holds up who asked for it: {}", e.getMessage());
            conduct(termination, after);
        }
    }

    /** Waits no longer for what the ranks may still report of a failure. */
    void closeWindow() {
        window.close();
    }

    /** Waits no longer for ranks that were asked to leave. */
    void force() {
        window.close();
        group.ranks().forEach(PoolRank::forceEnd);
    }

    /** Waits no longer for one rank that has failed, which it may have done by what it answered when it was asked to leave. */
    void force(PoolRank rank, RankFault fault) {
        if (graceful() && fault.nature() != RankFault.Nature.EXITED) {
            rank.forceEnd(fault.reason());
        } else {
            rank.forceEnd(); // its exit code tells more
        }
    }

    boolean over() {
        return report != null;
    }

    /** The evidence, once it is over. */
    ShutdownReport report() {
        return report;
    }

    /** Waits until all of it is over, which is bounded. */
    ShutdownReport await() throws InterruptedException {
        done.await();
        return report;
    }

    /** The same, whoever interrupts; the caller's interrupt stays. */
    ShutdownReport awaitWhatever() {
        return KeptInterrupt.during(this::await);
    }

    /**
     * All of it, on this thread. Whoever interrupts that wants an end sooner, and no rank left without SIGKILL: the interrupt is kept until all
     * is over.
     */
    void conduct(PoolRank.Termination termination, Runnable after) {
        boolean closed = false;
        try {
            window();
            List<Thread> threads = new ArrayList<>();
            List<PoolRank> later = new ArrayList<>();
            for (PoolRank rank : group.ranks()) {
                try {
                    threads.add(DaemonThread.start("rank-" + rank.rank() + "-end", () -> end(rank, termination)));
                } catch (ThreadLimitException _) {
                    later.add(rank);
                }
            }
            endOneByOne(later, termination);
            Deadline last = whole.again(deadlines.stop().plus(MARGIN));
            closed = closeRendezvous();
            join(threads, last);
        } finally {
            // Whatever goes wrong here, nobody waits for ever.
            try {
                report = new ShutdownReport(collect(), closed, whole.elapsed());
                after.run();
            } finally {
                done.countDown();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** On this thread, where the host gives no more. A rank whose end was interrupted is ended again. */
    private void endOneByOne(List<PoolRank> ranks, PoolRank.Termination termination) {
        for (PoolRank rank : ranks) {
            while (!end(rank, termination)) {
                interrupted |= Thread.interrupted();
            }
            interrupted |= Thread.interrupted();
        }
    }

    private void join(List<Thread> threads, Deadline deadline) {
        for (Thread thread : threads) {
            whatever(() -> deadline.await(nanos -> thread.join(Duration.ofNanos(nanos))));
        }
    }

    /** A wait with a bound. */
    @FunctionalInterface
    private interface BoundedWait {
        boolean isOver() throws InterruptedException;
    }

    /** Waits again after an interrupt, which is kept. */
    private boolean whatever(BoundedWait wait) {
        while (true) {
            try {
                return wait.isOver();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }

    // Whatever breaks off in one of these steps, the ranks must be ended all the same.

    private void window() {
        try {
            window.run();
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (RuntimeException | Error e) {
            LOG.error("what comes before the end of a pool broke off", e);
        }
        group.ranks().forEach(PoolTermination::beforeEnd);
    }

    private static void beforeEnd(PoolRank rank) {
        try {
            rank.beforeEnd();
        } catch (RuntimeException | Error e) {
            LOG.error("what comes before the end of rank {} broke off", rank.rank(), e);
        }
    }

    private boolean closeRendezvous() {
        try {
            return whatever(() -> rendezvous.end(whole.within(deadlines.sigterm())));
        } catch (RuntimeException | Error e) {
            LOG.error("the end of what serves the comm_id broke off", e);
            return false;
        }
    }

    /** False where an interrupt has broken it off. */
    private boolean end(PoolRank rank, PoolRank.Termination termination) {
        RankExit exit;
        try {
            exit = rank.end(termination);
            exits.add(exit);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException | Error e) {
            // What is seen of this one is looked for once more.
            LOG.error("the end of rank {} broke off", rank.rank(), e);
            return true;
        }
        group.tell(new PoolEvent.RankEnded(exit));
        return true;
    }

    private List<RankExit> collect() {
        List<RankExit> all = new ArrayList<>(exits);
        for (PoolRank rank : group.ranks()) {
            if (all.stream().noneMatch(exit -> exit.rank() == rank.rank())) {
                all.add(seen(rank));
            }
        }
        all.sort(Comparator.comparingInt(RankExit::rank));
        return all;
    }

    private RankExit seen(PoolRank rank) {
        RankExit seen = soFar(rank);
        if (seen.isLost()) {
            rank.move(RankState.LOST);
        }
        return seen;
    }

    private RankExit soFar(PoolRank rank) {
        try {
            return rank.exit(whole.elapsed());
        } catch (RuntimeException | Error e) {
            LOG.error("what is seen of the end of rank {} cannot be told", rank.rank(), e);
            return RankExit.brokenOff(rank, whole.elapsed());
        }
    }
}
