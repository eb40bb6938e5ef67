package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fault of the leader's own in the end of one rank: the others are ended, and nobody waits for ever. */
@Timeout(30)
class BrokenEndTest {
    private static final Deadlines DEADLINES = TestPool.DEADLINES;

    private final CountDownLatch over = new CountDownLatch(1);

    private PoolTermination termination(RuntimeException before, RuntimeException inEnd, RuntimeException inExit) {
        Group group = new Group(List.of(new Rank(0, before, inEnd, inExit), new Rank(1, null, null, null)), _ -> {});
        return new PoolTermination(
                group,
                new RendezvousHost(new ScriptedCommunicators(), _ -> {}),
                DEADLINES,
                false,
                RootCauseWindow.NONE);
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
        PoolTermination end = termination(new IllegalStateException("broken"), null, null);
        end.start(false, over::countDown);
        ShutdownReport report = end.await();
        assertThat(report.ends())
                .allMatch(RankExit::gone)
                .allMatch(exit -> exit.steps().contains("ended"));
    }

    /** One without a process. */
    private record Rank(int rank, RuntimeException before, RuntimeException inEnd, RuntimeException inExit)
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
                throw before;
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
