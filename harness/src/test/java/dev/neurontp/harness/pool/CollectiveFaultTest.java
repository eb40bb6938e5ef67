package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong while ranks join or all-reduce. */
@Timeout(60)
class CollectiveFaultTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    @Test
    void aWorkerKilledInInitFailsTheInit() throws Exception {
        try (TestPool test = TestPool.of("killed@1#2", 3)) {
            test.communicators.joining = ScriptedCommunicators.Way.BLOCKS;
            PoolFailure failure = FaultTest.failure(test.pool::init);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 1 ")
                    .contains("its process ended; its end: exit 137 (SIGKILL)");
            assertThat(failure.first().op()).isEqualTo(Operation.INIT.name());
            assertThat(test.communicators.aborted.getCount()).isZero();
        }
    }

    @Test
    void aWorkerKilledInTheSanityCheckFailsIt() throws Exception {
        try (TestPool test = TestPool.of("killed@2#3", 3)) {
            test.pool.init();
            test.communicators.reducing = ScriptedCommunicators.Way.BLOCKS;
            PoolFailure failure = FaultTest.failure(test.pool::sanityCheck);
            assertThat(failure.getMessage())
                    .startsWith("sanity failed on rank 2 ")
                    .contains("exit 137 (SIGKILL)");
        }
    }

    @Test
    void aRefusedInitIsKnownAtOnceAlthoughOthersAreSilent() throws Exception {
        Deadlines distant = TestPool.DEADLINES.withInit(Duration.ofMinutes(10));
        try (TestPool test = TestPool.of("silent@1#2,error@2#2", 3, distant)) {
            test.communicators.joining = ScriptedCommunicators.Way.BLOCKS;
            PoolFailure failure = FaultTest.failure(test.pool::init);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("it answered with the error nccl_init_failed: device 1 is busy");
            assertThat(failure.first().errorKind()).contains("nccl_init_failed");
            assertThat(failure.first().errorMessage()).contains("device 1 is busy");
            assertThat(failure.failures()).hasSize(1);
            assertThat(test.communicators.aborted.getCount()).isZero();
        }
    }

    @Test
    void anExitGoesBeforeTheErrorsOfOthers() throws Exception {
        try (TestPool test = TestPool.of("link-lost@1#2,dies-later@2#2", 3)) {
            PoolFailure failure = FaultTest.failure(test.pool::init);
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
            test.communicators.joining = ScriptedCommunicators.Way.BLOCKS;
            PoolFailure failure = FaultTest.failure(test.pool::init);
            assertThat(failure.failures()).extracting(RankFailure::rank).containsExactlyInAnyOrder(0, 2);
            assertThat(failure.getMessage()).contains("it did not answer within 400 ms");
        }
    }

    @Test
    void aWrongSumFailsTheSanityCheck() throws Exception {
        try (TestPool test = TestPool.of("wrong-sum@1#3", 3)) {
            test.pool.init();
            assertThat(FaultTest.failure(test.pool::sanityCheck).getMessage())
                    .startsWith("sanity failed on rank 1 ")
                    .contains("it observed the sum 1 instead of 3");
        }
    }

    /** What was being opened when the pool ended is closed when it comes. */
    @ParameterizedTest
    @CsvSource({"serving", "opening"})
    void whatComesAfterTheEndIsClosed(String where) throws Exception {
        Deadlines hasty = TestPool.DEADLINES.withEnd(SHORT, SHORT, SHORT);
        try (TestPool test = TestPool.of("", 2, hasty)) {
            boolean serving = where.equals("serving");
            if (serving) {
                test.communicators.serving = ScriptedCommunicators.Way.COMES_LATE;
            } else {
                test.communicators.opening = ScriptedCommunicators.Way.COMES_LATE;
            }
            CompletableFuture<Throwable> init = CompletableFuture.supplyAsync(() -> catchThrowable(test.pool::init));
            test.communicators.blocked.await();

            ShutdownReport report = test.pool.shutdown();
            assertThat(report.gone()).isFalse();
            assertThat(report.rendezvousClosed()).isEqualTo(!serving);
            assertThat(report.of(0).gone()).isEqualTo(serving);
            test.communicators.released.countDown();

            CountDownLatch closed = serving ? test.communicators.rendezvousClosed : test.communicators.closed;
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(init.join()).isInstanceOf(PoolException.Ended.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "serving, ms: nccl_init_failed: no comm_id can be created:",
        "joining, ms: it answered with the error nccl_init_failed:"
    })
    void rankZeroCanFailTheInit(String where, String said) throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            if (where.equals("serving")) {
                test.communicators.serving = ScriptedCommunicators.Way.FAILS;
            } else {
                test.communicators.joining = ScriptedCommunicators.Way.FAILS;
            }
            assertThat(FaultTest.failure(test.pool::init).getMessage())
                    .startsWith("init failed on rank 0 (pid "
                            + ProcessHandle.current().pid() + ") ")
                    .contains(said + " device 0 is busy");
        }
    }
}
