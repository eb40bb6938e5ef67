package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which a worker can go wrong: the message names rank, op and cause, and no process is left. */
@Timeout(60)
class FaultTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong-rank   | its pong names rank 7 of 3 on device 2, and it was started as rank 2 of 3 on device 2
            wrong-size   | its pong names rank 2 of 7 on device 2, and it was started as rank 2 of 3 on device 2
            wrong-device | its pong names rank 2 of 3 on device 77, and it was started as rank 2 of 3 on device 2
            other-op     | it answered ping with 'init_ok'
            unknown-op   | it sent a line that is no reply: '{"op":"generate_step_ok"}'
            noise        | it sent a line that is no reply: 'NCCL version 2.21.5+cuda12.4'
            not-json     | it sent a line that is no reply: 'pong!'
            half         | it sent a line that is no reply: '{"op":"po'
            endless      | bytes without a line break: a frame of at most 16777216 bytes is taken
            error        | it answered with the error nccl_init_failed: device 1 is busy
            closes-stdout| it closed its stdout and still runs
            killed       | its process ended; its end: SIGKILL or exit 137
            dies         | its process ended; its end: exit 5
            """)
    void aPingFailsOnTheRankThatBreaksIt(String fault, String cause) throws Exception {
        try (TestPool test = TestPool.of(fault + "@2#1", 3)) {
            PoolFailure failure = failure(test.pool::pingAll);
            assertThat(failure.getMessage()).startsWith("ping failed on rank 2 (pid " + test.pid(2) + ") after ");
            assertThat(failure.getMessage().lines().findFirst().orElseThrow()).contains(cause);
            assertThat(failure.first().op()).isEqualTo(Op.PING);
            assertThat(failure.first().stderr()).contains("rank 2 is here");
            assertThat(failure.getMessage()).contains("rank 2 stderr: rank 2 is here");
            assertThat(test.pool.state().state()).isEqualTo(PoolState.FAILED);
            test.assertNothingLeft();
        }
    }

    @Test
    void aDeadWorkersLastWordsAreInTheMessage() throws Exception {
        try (TestPool test = TestPool.of("dies@1#1", 2)) {
            assertThat(failure(test.pool::pingAll).getMessage()).endsWith("rank 1 stderr: out of luck");
        }
    }

    @Test
    void aWorkerThatExitsAtStartIsNamedWithItsReason() throws Exception {
        try (TestPool test = TestPool.of("exit3@1", 3)) {
            PoolFailure failure = failure(test.pool::pingAll);
            assertThat(failure.getMessage())
                    .containsPattern("^(spawn|ping) failed on rank 1 \\(pid \\d+\\) after .*: its process ended; "
                            + "its end: exit 3\n")
                    .contains("rank 1 stderr: there is no such GPU");
        }
    }

    @Test
    void silenceEndsAtTheDeadline() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 3, TestPool.DEADLINES.withPing(SHORT))) {
            test.pool.pingAll();
            PoolFailure failure = failure(test.pool::pingAll);
            assertThat(failure.getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("it did not answer within 400 ms; its end: SIGTERM or exit 143 (SIGTERM sent)");
            assertThat(failure.failures()).hasSize(1);
            assertThat(failure.first().elapsed()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    @Test
    void aLateReplyPoisonsTheRank() throws Exception {
        try (TestPool test = TestPool.of("late@1#2", 3, TestPool.DEADLINES.withPing(SHORT))) {
            test.pool.pingAll();
            PoolFailure late = failure(test.pool::pingAll);
            assertThat(late.getMessage()).startsWith("ping failed on rank 1 ").contains("did not answer within 400 ms");
            // Never used again: the next call does not take the late pong for its own, it hears the first failure.
            assertThat(failure(test.pool::pingAll)).isSameAs(late);
            assertThat(failure(test.pool::init)).isSameAs(late);
        }
    }

    @ParameterizedTest
    @CsvSource({"twice", "unasked"})
    void aReplyThatNobodyAskedForPoisonsTheRank(String fault) throws Exception {
        try (TestPool test = TestPool.of(fault + "@2#1", 3)) {
            PoolFailure failure = failure(() -> {
                test.pool.pingAll();
                awaitFailed(test);
                test.pool.pingAll();
            });
            assertThat(failure.getMessage())
                    .containsPattern("^(the idle pool lost|spawn failed on) rank 2 ")
                    .contains("it sent 'pong' although nothing was asked");
        }
    }

    @Test
    void aWorkerThatDiesIdleIsNoticedAtOnce() throws Exception {
        try (TestPool test = TestPool.of("", 3)) {
            test.pool.pingAll();
            ProcessHandle.of(test.pid(1)).orElseThrow().destroyForcibly();
            awaitFailed(test);
            assertThat(test.pool.state().reason()).contains("the idle pool lost rank 1: its process ended");
            assertThat(failure(test.pool::pingAll).getMessage()).contains("SIGKILL or exit 137");
        }
    }

    @Test
    void aWorkerKilledInInitFailsTheInit() throws Exception {
        try (TestPool test = TestPool.of("killed@1#2", 3)) {
            test.collectives.joining = ScriptedCollectives.Way.BLOCKS;
            PoolFailure failure = failure(test.pool::init);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 1 ")
                    .contains("its process ended; its end: SIGKILL or exit 137");
            assertThat(failure.first().op()).isEqualTo(Op.INIT);
            assertThat(test.collectives.aborted.getCount()).isZero();
        }
    }

    @Test
    void aWorkerKilledInTheSanityCheckFailsIt() throws Exception {
        try (TestPool test = TestPool.of("killed@2#3", 3)) {
            test.pool.init();
            test.collectives.reducing = ScriptedCollectives.Way.BLOCKS;
            PoolFailure failure = failure(test.pool::sanityCheck);
            assertThat(failure.getMessage())
                    .startsWith("sanity failed on rank 2 ")
                    .contains("SIGKILL or exit 137");
        }
    }

    @Test
    void aRefusedInitIsKnownAtOnceAlthoughOthersAreSilent() throws Exception {
        Deadlines patient = TestPool.DEADLINES.withInit(Duration.ofMinutes(10));
        try (TestPool test = TestPool.of("silent@1#2,error@2#2", 3, patient)) {
            test.collectives.joining = ScriptedCollectives.Way.BLOCKS;
            PoolFailure failure = failure(test.pool::init);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("it answered with the error nccl_init_failed: device 1 is busy");
            assertThat(failure.first().errorKind()).contains("nccl_init_failed");
            assertThat(failure.first().errorMessage()).contains("device 1 is busy");
            assertThat(failure.failures()).hasSize(1);
            assertThat(test.collectives.aborted.getCount()).isZero();
        }
    }

    @Test
    void aDeathGoesBeforeWhatOthersSayOfIt() throws Exception {
        try (TestPool test = TestPool.of("error@1#2,dies@2#2", 3)) {
            PoolFailure failure = failure(test.pool::init);
            assertThat(failure.failures()).extracting(RankFailure::rank).containsExactly(2, 1);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("\nand then init failed on rank 1 ");
        }
    }

    @Test
    void anInitThatNoRankFinishesNamesThemAll() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withSanity(SHORT).withInit(SHORT);
        try (TestPool test = TestPool.of("silent@2#2", 3, hasty)) {
            test.collectives.joining = ScriptedCollectives.Way.BLOCKS;
            PoolFailure failure = failure(test.pool::init);
            assertThat(failure.failures()).extracting(RankFailure::rank).containsExactlyInAnyOrder(0, 2);
            assertThat(failure.getMessage()).contains("it did not answer within 400 ms");
        }
    }

    @Test
    void aWrongSumFailsTheSanityCheck() throws Exception {
        try (TestPool test = TestPool.of("wrong-sum@1#3", 3)) {
            test.pool.init();
            assertThat(failure(test.pool::sanityCheck).getMessage())
                    .startsWith("sanity failed on rank 1 ")
                    .contains("it observed the sum 1 instead of 3");
        }
    }

    @ParameterizedTest
    @CsvSource({"serving", "joining"})
    void rankZeroCanFailTheInit(String where) throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            if (where.equals("serving")) {
                test.collectives.serving = ScriptedCollectives.Way.FAILS;
            } else {
                test.collectives.joining = ScriptedCollectives.Way.FAILS;
            }
            assertThat(failure(test.pool::init).getMessage())
                    .startsWith("init failed on rank 0 (pid "
                            + ProcessHandle.current().pid() + ") ")
                    .contains("nccl_init_failed: rank 0 has no luck");
        }
    }

    @Test
    void aWorkerThatIgnoresSigtermIsKilled() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, SHORT, Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("deaf@1,silent@1#2", 2, hasty)) {
            test.pool.pingAll();
            RankEnd end = test.pool.shutdown().of(1);
            assertThat(end.steps()).containsExactly("shutdown", "SIGTERM", "SIGKILL");
            assertThat(end.bye()).isFalse();
            assertThat(end.gone()).isTrue();
            assertThat(end.describe()).isEqualTo("SIGKILL or exit 137 (SIGTERM was not obeyed, SIGKILL sent)");
        }
    }

    @Test
    void aWorkerThatSaysByeAndStaysGetsSigterm() throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("stays@1#2", 2, hasty)) {
            test.pool.pingAll();
            RankEnd end = test.pool.shutdown().of(1);
            assertThat(end.bye()).isTrue();
            assertThat(end.steps()).containsExactly("shutdown", "SIGTERM");
            assertThat(end.clean()).isFalse();
        }
    }

    @Test
    void aWorkerThatAnswersShutdownWithNonsenseIsNotWaitedFor() throws Exception {
        Deadlines patient =
                TestPool.DEADLINES.withEnd(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("other-op@1#2,silent@1#3", 2, patient)) {
            test.pool.pingAll();
            RankEnd end = test.pool.shutdown().of(1);
            assertThat(end.bye()).isFalse();
            assertThat(end.gone()).isTrue();
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

    @Test
    void aDeathIsNoticedAlthoughAGrandchildHoldsThePipe() throws Exception {
        try (TestPool test = TestPool.of("grandchild@1,dies@1#2", 2)) {
            test.pool.pingAll();
            assertThat(failure(test.pool::pingAll).getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("exit 5")
                    .contains("ended what it left behind: s");
        }
    }

    @Test
    void aWorkerThatClosesItsStdinIsNamedAtTheNextRequest() throws Exception {
        try (TestPool test = TestPool.of("closes-stdin@1#1", 2)) {
            test.pool.pingAll();
            assertThat(failure(test.pool::pingAll).getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("its stdin cannot be written: Broken pipe");
        }
    }

    @Test
    void aFloodOnStderrDoesNotStopThePings() throws Exception {
        long bytes = 64L << 20;
        flood(bytes, 100);
    }

    static void flood(long bytes, int pings) throws Exception {
        java.util.concurrent.atomic.AtomicLong seen = new java.util.concurrent.atomic.AtomicLong();
        try (TestPool test = TestPool.of(
                "flood@1",
                3,
                options -> options.withStderr((rank, line) -> seen.addAndGet(line.length() + 1L))
                        .withEnvironment(flooded(options, bytes)))) {
            for (int i = 0; i < pings; i++) {
                test.pool.pingAll();
            }
            Awaitility.await().atMost(5, TimeUnit.MINUTES).until(() -> {
                test.pool.pingAll();
                // The last line of the flood has no end, so it is not passed on before the worker ends.
                return seen.get() >= bytes - 64;
            });
            assertThat(test.pool.shutdown().clean()).isTrue();
        }
    }

    private static java.util.Map<String, String> flooded(PoolOptions options, long bytes) {
        java.util.Map<String, String> environment = new java.util.HashMap<>(options.environment());
        environment.put("FLOOD_BYTES", Long.toString(bytes));
        return environment;
    }

    @Test
    void garbageOnStderrIsToleratedAndMadeHarmless() throws Exception {
        try (TestPool test = TestPool.of("garbage@1", 2)) {
            test.pool.pingAll();
            Awaitility.await().until(() -> test.stderr.contains("1: \uFFFD\uFFFD?[31mred"));
        }
    }

    static PoolFailure failure(ThrowingCallable call) {
        Instant began = Instant.now();
        PoolFailure failure = catchThrowableOfType(PoolFailure.class, call);
        assertThat(failure).isNotNull();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(30));
        return failure;
    }

    static void awaitFailed(TestPool test) {
        Awaitility.await().until(() -> test.pool.state().state() == PoolState.FAILED);
    }
}
