package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
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
            half         | its process ended in the middle of a reply
            endless      | bytes without a line break: a frame of at most 16777216 bytes is taken
            error        | it answered with the error nccl_init_failed: device 1 is busy
            closes-stdout| it closed its stdout and still runs
            killed       | its process ended; its end: exit 137 (SIGKILL)
            dies         | its process ended; its end: exit 5
            """)
    void aPingFailsOnTheRankThatBreaksIt(String fault, String cause) throws Exception {
        try (TestPool test = TestPool.of(fault + "@2#1", 3)) {
            PoolFailure failure = failure(test.pool::pingAll);
            assertThat(failure.getMessage()).startsWith("ping failed on rank 2 (pid " + test.pid(2) + ") after ");
            assertThat(failure.getMessage().lines().findFirst().orElseThrow()).contains(cause);
            assertThat(failure.first().op()).isEqualTo(Operation.PING.name());
            assertThat(failure.first().stderr()).contains("rank 2 is here");
            assertThat(failure.getMessage()).contains("rank 2 stderr: rank 2 is here");
            assertThat(test.pool.state().state()).isEqualTo(PoolState.FAILED);
            test.assertNothingLeft();
        }
    }

    @Test
    void theLastStderrLineOfAnExitedWorkerIsInTheMessage() throws Exception {
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
                    .contains("it did not answer within 400 ms; its end: exit 143 (SIGTERM); SIGTERM sent");
            assertThat(failure.failures()).hasSize(1);
            assertThat(failure.first().elapsed()).isGreaterThanOrEqualTo(SHORT);
        }
    }

    /** Whose author forgot the line break, or to flush behind it, looks for a hang else. */
    @Test
    void aReplyWithoutItsLineBreakIsToldAsThat() throws Exception {
        try (TestPool test = TestPool.of("unfinished@1#2", 3, TestPool.DEADLINES.withPing(SHORT))) {
            test.pool.pingAll();
            assertThat(failure(test.pool::pingAll).getMessage())
                    .containsPattern(
                            "rank 1 .*it did not answer within 400 ms; it has sent \\d\\d bytes without the line break"
                                    + " that ends a reply");
        }
    }

    /** Whether or not anything was asked: reading them without end would take a core of the leader. */
    @ParameterizedTest
    @CsvSource({"blanks,idle pool lost", "blanks-alone,ping failed on"})
    void blankLinesWithoutEndAreNoiseOnStdout(String fault, String when) throws Exception {
        try (TestPool test = TestPool.of(fault + "@1#2", 3)) {
            test.pool.pingAll();
            PoolFailure failure = failure(() -> {
                test.pool.pingAll();
                awaitFailed(test);
                test.pool.pingAll();
            });
            assertThat(failure.getMessage())
                    .contains(when + " rank 1 ")
                    .containsPattern(
                            "it has sent \\d+ bytes of blank lines and nothing else: stdout carries replies alone \\(F5\\)");
        }
    }

    @Test
    void aLateReplyFailsTheRank() throws Exception {
        try (TestPool test = TestPool.of("late@1#2", 3, TestPool.DEADLINES.withPing(SHORT))) {
            test.pool.pingAll();
            PoolFailure late = failure(test.pool::pingAll);
            assertThat(late.getMessage()).startsWith("ping failed on rank 1 ").contains("did not answer within 400 ms");
            // Never used again: the next call does not take the late pong for its own, it throws the first failure.
            assertThat(failure(test.pool::pingAll)).isSameAs(late);
            assertThat(failure(test.pool::init)).isSameAs(late);
            assertThat(test.events)
                    .filteredOn(
                            event -> event instanceof PoolEvent.RankChanged(int rank, long _, RankState _) && rank == 1)
                    .extracting(event -> ((PoolEvent.RankChanged) event).state())
                    .containsExactly(RankState.READY, RankState.FAILED, RankState.GONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"twice", "unasked"})
    void aReplyThatNobodyAskedForFailsTheRank(String fault) throws Exception {
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
            assertThat(test.pool.state().reason().orElseThrow())
                    .startsWith("the idle pool lost rank 1: its process ended");
            assertThat(failure(test.pool::pingAll).getMessage()).contains("exit 137 (SIGKILL)");
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
