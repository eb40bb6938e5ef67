package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.FrozenProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that do not leave as they are told, and what they leave behind. */
@Timeout(60)
class EndFaultTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @Test
    void aWorkerThatIgnoresSigtermIsKilled() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, SHORT, Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("deaf@1,silent@1#2", 2, hasty)) {
            test.pool.pingAll();
            RankExit end = test.pool.shutdown().of(1);
            assertThat(end.steps()).containsExactly("shutdown", "SIGTERM", "SIGKILL");
            assertThat(end.bye()).isFalse();
            assertThat(end.gone()).isTrue();
            assertThat(end.describe()).isEqualTo("exit 137 (SIGKILL); SIGTERM was not obeyed, SIGKILL sent");
        }
    }

    /** As one that waits inside a driver. */
    @Test
    void aWorkerThatNotEvenSigkillEndsIsLost() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, SHORT, SHORT);
        PoolOptions options = PoolOptions.DEFAULT
                .withDeadlines(hasty)
                .withCommandIsWorker(true)
                .withCommunicatorSource(new ScriptedCommunicators());
        try (WorkerPool pool = WorkerPool.spawn(TestPool.command("none"), 2, TestPool.devices(2), options)) {
            pool.pingAll();
            long pid = pool.state().ranks().get(1).process().orElseThrow().pid();
            try (FrozenProcess _ = FrozenProcess.of(pid)) {
                ShutdownReport report = pool.shutdown();
                RankExit end = report.of(1);
                assertThat(end.gone()).isFalse();
                assertThat(end.survived()).isTrue();
                assertThat(report.lost()).containsExactly(end);
                assertThat(end.describe())
                        .startsWith("still running after SIGKILL; SIGTERM was not obeyed, SIGKILL sent; ")
                        .contains("2 of its pipes still held open;")
                        .endsWith(
                                "; lost: SIGKILL has not ended it: it waits inside the kernel, as in a driver that hangs, or a debugger holds it");
                assertThat(pool.state().ranks().get(1).state()).isEqualTo(RankState.LOST);
                assertThat(pool.state().state()).isEqualTo(PoolState.LOST);
            }
        }
    }

    @Test
    void aWorkerThatSaysByeAndStaysGetsSigterm() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("stays@1#2", 2, hasty)) {
            test.pool.pingAll();
            RankExit end = test.pool.shutdown().of(1);
            assertThat(end.bye()).isTrue();
            assertThat(end.steps()).containsExactly("shutdown", "SIGTERM");
            assertThat(end.clean()).isFalse();
        }
    }

    @Test
    void aWorkerThatAnswersShutdownWithNonsenseIsNotWaitedFor() throws Exception {
        Deadlines distant =
                TestPool.DEADLINES.withEnd(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("other-op-and-stays@1#2", 2, distant)) {
            test.pool.pingAll();
            RankExit end = test.pool.shutdown().of(1);
            assertThat(end.bye()).isFalse();
            assertThat(end.steps()).containsExactly("shutdown", "SIGTERM");
            assertThat(end.gone()).isTrue();
            assertThat(end.describe())
                    .isEqualTo("exit 143 (SIGTERM); SIGTERM sent; at shutdown: it answered shutdown with 'init_ok'");
        }
    }

    @Test
    void anEndInTheMiddleOfTheByeIsTold() throws Exception {
        try (TestPool test = TestPool.of("half@1#2", 2)) {
            test.pool.pingAll();
            assertThat(test.pool.shutdown().of(1).describe())
                    .isEqualTo("exit 4; at shutdown: it ended in the middle of a reply");
        }
    }

    @Test
    void aGrandchildThatKeepsThePipesOpenHoldsUpNothing() throws Exception {
        try (TestPool test = TestPool.of("grandchild@1", 2)) {
            test.pool.pingAll();
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.of(1).bye()).isTrue();
            // A child can be seen before it has become its program.
            assertThat(report.of(1).leftBehind()).singleElement().asString().matches("(sh|sleep) \\(pid \\d+\\)");
            assertThat(report.of(1).abandonedReaders()).isZero();
            test.assertNothingLeft();
        }
    }

    @Test
    void aGrandchildThatLeftTheSessionIsFoundAsADescendant() throws Exception {
        try (TestPool test = TestPool.of("escaped@1", 2)) {
            test.pool.pingAll();
            assertThat(test.pool.shutdown().of(1).leftBehind())
                    .singleElement()
                    .asString()
                    .matches("(sh|setsid|sleep) \\(pid \\d+\\)");
            test.assertNothingLeft();
        }
    }

    /** It keeps the pipes; it keeps nothing; it keeps the pipes and has cleared its environment. */
    @ParameterizedTest
    @ValueSource(strings = {"daemonised", "detached", "nameless"})
    void aProcessThatHasLeftItsSessionAndItsParentIsFoundAndNamed(String how) throws Exception {
        try (TestPool test = TestPool.of(how + "@1", 2)) {
            test.pool.pingAll();
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.of(1).bye()).isTrue();
            assertThat(report.of(1).leftBehind())
                    .singleElement()
                    .asString()
                    .matches("(sh|env|setsid|sleep) \\(pid \\d+\\)");
            assertThat(report.of(1).abandonedReaders()).isZero();
            assertThat(report.of(1).clean()).isFalse();
            assertThat(report.of(0).clean()).isTrue();
            test.assertNothingLeft();
        }
    }

    /** As by {@code worker 2> >(tee log >&2)} of a shell. The shell that ends them later than it ends is no fault. */
    @Test
    void whatHelpersSayAfterTheExitIsHeard() throws Exception {
        try (TestPool test = TestPool.of("helped@1", 2)) {
            test.pool.pingAll();
            RankExit end = test.pool.shutdown().of(1);
            assertThat(end.bye()).isTrue();
            assertThat(end.leftBehind()).isEmpty();
            assertThat(end.clean()).as(end.describe()).isTrue();
            assertThat(test.stderr).contains("1: its last words", "1: are two", "1: rank 1 said all");
        }
    }

    @Test
    void anExitIsNoticedAlthoughAGrandchildHoldsThePipe() throws Exception {
        try (TestPool test = TestPool.of("grandchild@1,dies@1#2", 2)) {
            test.pool.pingAll();
            assertThat(FaultTest.failure(test.pool::pingAll).getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("exit 5")
                    .contains("ended what it left behind: s");
        }
    }
}
