package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault of the leader's own in the end of one rank: the others are ended, and nobody waits for ever. */
@Timeout(30)
class BrokenEndTest {
    private static final Deadlines DEADLINES = TestPool.DEADLINES;

    private final CountDownLatch over = new CountDownLatch(1);

    private static void breaksOff() {
        throw new IllegalStateException("broken");
    }

    private PoolTermination termination(Runnable before, RuntimeException inEnd, RuntimeException inExit) {
        return termination(
                new Rank(0, before, inEnd, inExit), new RendezvousHost(new ScriptedCommunicators(), _ -> {}));
    }

    private static PoolTermination termination(Rank zero, RendezvousHost rendezvous) {
        Group group = new Group(List.of(zero, new Rank(1, null, null, null)), _ -> {});
        return new PoolTermination(group, rendezvous, DEADLINES, false, RootCauseWindow.NONE);
    }

    @Test
    void theOtherRanksAreEndedAndTheEndIsOver() throws Exception {
        PoolTermination end = termination(null, new IllegalStateException("broken"), null);
        end.start(false, over::countDown);
        ShutdownReport report = end.await();
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(report.of(1).gone()).isTrue();
        assertThat(report.of(0).steps()).containsExactly("looked at once more");
    }

    @Test
    void aRankOfWhichNothingCanBeSeenIsLost() throws Exception {
        PoolTermination end = termination(null, new IllegalStateException("broken"), new IllegalStateException("too"));
        end.start(false, over::countDown);
        ShutdownReport report = end.await();
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(report.of(1).gone()).isTrue();
        assertThat(report.of(0).gone()).isFalse();
        assertThat(report.of(0).lost()).contains("broke off");
        assertThat(report.lost()).hasSize(1);
    }

    @Test
    void whatComesBeforeTheEndKeepsNoRankFromBeingEnded() throws Exception {
        PoolTermination end = termination(BrokenEndTest::breaksOff, null, null);
        end.start(false, over::countDown);
        ShutdownReport report = end.await();
        assertThat(report.ends())
                .allMatch(RankExit::gone)
                .allMatch(exit -> exit.steps().contains("ended"));
    }

    /** Where the host gives no more threads the end is on the thread of who asks for it, and that one may be interrupted. */
    @Test
    void whoIsInterruptedEndsEveryRankAllTheSame() {
        conductInterrupted(termination(null, null, null));
    }

    @Test
    void soDoesWhoIsInterruptedInTheMiddle() {
        conductInterrupted(termination(() -> Thread.currentThread().interrupt(), null, null));
    }

    @Test
    void soDoesWhoIsInterruptedWhileWhatServesTheCommIdEnds() throws Exception {
        RendezvousHost rendezvous = new RendezvousHost(new GoneAfterAMoment(), _ -> {});
        Rank interrupting = new Rank(0, () -> Thread.currentThread().interrupt(), null, null);
        rendezvous.awaitCommId(new Exchange<>(Operation.INIT, Duration.ofMinutes(1), List.of(interrupting)));

        conductInterrupted(termination(interrupting, rendezvous));
    }

    /** The thread that creates no comm_id ends the pool where the host gives no other: its own end is not waited for. */
    @Test
    void theThreadOfTheCommIdEndsThePoolWithoutWaitingForItself() throws Exception {
        ScriptedCommunicators busy = new ScriptedCommunicators();
        busy.serving = ScriptedCommunicators.Way.FAILS;
        Rank zero = new Rank(0, null, null, null);
        Exchange<?> init = new Exchange<>(Operation.INIT, Duration.ofMinutes(1), List.of(zero));
        AtomicReference<PoolTermination> end = new AtomicReference<>();
        RendezvousHost rendezvous = new RendezvousHost(busy, _ -> {
            init.stop();
            conduct(end.get());
        });
        end.set(termination(zero, rendezvous));

        rendezvous.awaitCommId(init);

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(end.get().report().rendezvousClosed()).isTrue();
        assertThat(end.get().report().ends()).hasSize(2).allMatch(RankExit::gone);
    }

    /** The same of the thread of a rank in the leader. */
    @Test
    void theThreadOfARankEndsItWithoutWaitingForItself() throws Exception {
        ScriptedCommunicators busy = new ScriptedCommunicators();
        busy.opening = ScriptedCommunicators.Way.FAILS;
        CompletableFuture<RankExit> exit = new CompletableFuture<>();
        LocalRank zero = new LocalRank(new RankIdentity(0, 2, 0), busy);
        zero.open(new PoolRank.Listener() {
            @Override
            public void moved(PoolRank rank, RankState state) {}

            @Override
            public void failed(PoolRank rank, RankFault fault) {
                try {
                    exit.complete(
                            rank.end(new PoolRank.Termination(null, true, DEADLINES, Deadline.in(DEADLINES.stop()))));
                } catch (InterruptedException e) {
                    exit.completeExceptionally(e);
                }
            }
        });

        new Exchange<>(Operation.INIT, Duration.ofMinutes(1), List.of(zero))
                .ask(Operation.INIT.request("0f".repeat(128)));

        assertThat(exit.get(10, TimeUnit.SECONDS).gone()).isTrue();
        assertThat(exit.get().took()).isLessThan(DEADLINES.sigterm());
    }

    private void conduct(PoolTermination end) {
        end.conduct(new PoolRank.Termination(null, true, DEADLINES, Deadline.in(DEADLINES.stop())), over::countDown);
    }

    private void conductInterrupted(PoolTermination end) {
        Thread.currentThread().interrupt();
        conduct(end);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(end.report().rendezvousClosed()).isTrue();
        assertThat(end.report().ends())
                .hasSize(2)
                .allMatch(RankExit::gone)
                .allMatch(exit -> exit.steps().contains("ended"));
    }

    /** Serves a comm_id, and its end can be waited for. */
    private static final class GoneAfterAMoment implements CommunicatorSource {
        @Override
        public Communicator open(RankIdentity identity) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Rendezvous serve() {
            return new Rendezvous() {
                @Override
                public String commId() {
                    return "0f".repeat(128);
                }

                @Override
                public void close() {}

                @Override
                public boolean awaitGone(Duration most) throws InterruptedException {
                    Thread.sleep(1);
                    return true;
                }
            };
        }
    }

    /** One without a process. */
    private record Rank(int rank, Runnable before, RuntimeException inEnd, RuntimeException inExit)
            implements PoolRank {
        @Override
        public long pid() {
            return 4711;
        }

        @Override
        public void open(Listener listener) {}

        @Override
        public boolean takesPart(boolean collective) {
            return true;
        }

        @Override
        public void ask(Exchange<?> exchange) {}

        @Override
        public void fail(Exchange<?> exchange, RankFault.Nature nature, String reason) {}

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public void move(RankState next) {}

        @Override
        public boolean stopped() {
            return false;
        }

        @Override
        public void beforeEnd() {
            if (before != null) {
                before.run();
            }
        }

        @Override
        public RankSnapshot snapshot() {
            throw new UnsupportedOperationException();
        }

        @Override
        public RankExit end(Termination termination) {
            if (inEnd != null) {
                throw inEnd;
            }
            return exit("ended");
        }

        @Override
        public RankExit exit(Duration took) {
            if (inExit != null) {
                throw inExit;
            }
            return exit("looked at once more");
        }

        private RankExit exit(String step) {
            return new RankExit(
                    rank,
                    4711,
                    false,
                    false,
                    OptionalInt.of(0),
                    true,
                    "",
                    List.of(step),
                    false,
                    List.of(),
                    0,
                    Duration.ZERO);
        }

        @Override
        public RankFailure explain(RankFault fault, RankExit exit) {
            throw new UnsupportedOperationException();
        }
    }
}
