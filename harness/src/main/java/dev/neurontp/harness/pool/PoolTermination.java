package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** The end of a whole pool, all ranks in parallel under one deadline. Happens once; whoever wants to know waits for it. */
final class PoolTermination {
    /** After the last step: what a worker left behind, and the readers. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final List<RankChannel> channels;
    private final LocalRank seat;
    private final Deadlines deadlines;
    private final Deadline whole;
    private final Operation shutdown;
    private final List<RankTermination> endings = new ArrayList<>();
    private final List<Thread> enders = new ArrayList<>();
    private final Queue<RankExit> ends = new ConcurrentLinkedQueue<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final RootCauseWindow hearing;
    private volatile boolean listening = true;
    private volatile ShutdownReport report;

    /**
     * Prepares the end.
     *
     * @param graceful whether the workers are asked before they are told
     * @param hearing before the first signal, so that the root of a failure is heard too
     */
    PoolTermination(
            List<RankChannel> channels,
            LocalRank seat,
            Deadlines deadlines,
            boolean graceful,
            RootCauseWindow hearing) {
        this.channels = channels;
        this.seat = seat;
        this.deadlines = deadlines;
        this.hearing = hearing;
        this.whole = Deadline.in(deadlines.stop().plus(hearing.bound()));
        this.shutdown = graceful ? new Operation(Op.SHUTDOWN, deadlines.bye(), channels.size()) : null;
        channels.forEach(channel -> endings.add(new RankTermination(channel, deadlines, whole)));
    }

    boolean graceful() {
        return shutdown != null;
    }

    /**
     * Begins, on threads of its own.
     *
     * @param busy whether an operation was in flight, which a communicator of ours may be blocked in
     * @param ended told of each end
     * @param after told once, when all is over
     */
    void start(boolean busy, Consumer<RankExit> ended, Runnable after) {
        Consumer<RankExit> keep = end -> {
            ends.add(end);
            ended.accept(end);
        };
        for (RankChannel channel : channels) {
            enders.add(daemon(
                    "rank-" + channel.rank() + "-end", () -> endWorker(channel, endings.get(channel.member()), keep)));
        }
        enders.add(daemon("rank-0-end", () -> endSeat(busy, keep)));
        daemon("pool-end", () -> conduct(after)).start();
    }

    /** Listens no longer to what the ranks have to say of a failure. */
    void cutHearing() {
        hearing.cut();
    }

    /** Has no more patience: ranks that were asked to leave are told now. */
    void hurry() {
        hearing.cut();
        endings.forEach(RankTermination::hurry);
    }

    /** Has no more patience with one rank. */
    void hurry(RankChannel channel) {
        endings.get(channel.member()).hurry();
    }

    /** Whether no rank was told to end so far: what they say is still their own. */
    boolean listening() {
        return listening;
    }

    boolean over() {
        return report != null;
    }

    /** Waits for the end of the end, which is bounded. */
    ShutdownReport await() throws InterruptedException {
        done.await();
        return report;
    }

    private void conduct(Runnable after) {
        try {
            hearing.run();
            listening = false;
            enders.forEach(Thread::start);
            Deadline last = Deadline.in(deadlines.stop().plus(MARGIN));
            for (Thread ender : enders) {
                ender.join(Duration.ofNanos(last.remainingNanos() + 1));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            report = new ShutdownReport(collect(), whole.elapsed());
            after.run();
            done.countDown();
        }
    }

    private void endWorker(RankChannel channel, RankTermination ending, Consumer<RankExit> keep) {
        try {
            RankExit end = ending.run(shutdown);
            if (end.gone()) {
                channel.move(RankState.GONE);
            }
            keep.accept(end);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void endSeat(boolean busy, Consumer<RankExit> keep) {
        try {
            RankExit end = seat.end(busy || !graceful(), whole.within(deadlines.sigterm()));
            if (seat.hasRank()) {
                keep.accept(end);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private List<RankExit> collect() {
        List<RankExit> all = new ArrayList<>(ends);
        for (RankChannel channel : channels) {
            if (all.stream().noneMatch(end -> end.rank() == channel.rank())) {
                all.add(unknown(channel));
            }
        }
        all.sort(Comparator.comparingInt(RankExit::rank));
        return all;
    }

    private RankExit unknown(RankChannel channel) {
        OptionalInt exitCode = channel.process().exitCode();
        long pid = channel.process().identity().pid();
        return new RankExit(
                channel.rank(),
                pid,
                false,
                channel.saidBye(),
                exitCode,
                exitCode.isPresent(),
                List.of(),
                false,
                List.of(),
                0,
                whole.elapsed());
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name);
        thread.setDaemon(true);
        return thread;
    }
}
