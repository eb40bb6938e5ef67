package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.worker.Communicators;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pool with our own workers on the loopback communicator. */
@Timeout(120)
class RealWorkersIT {
    @ParameterizedTest
    @CsvSource({"1,IN_PROCESS", "1,SPAWNED", "2,IN_PROCESS", "3,IN_PROCESS", "8,IN_PROCESS", "3,SPAWNED"})
    void aPoolLivesItsLife(int worldSize, PoolOptions.RankZero rankZero) throws Exception {
        PoolOptions options = options(Map.of()).withRankZero(rankZero);
        try (WorkerPool pool = spawn(worldSize, options)) {
            pool.pingAll();
            assertThat(pool.init().ranks()).hasSize(worldSize);
            assertThat(pool.check().ranks()).hasSize(worldSize);
            assertThat(pool.sanityCheck().first().observedSum()).isEqualTo(worldSize);
            assertThat(pool.sanityCheck().first().observedSum()).isEqualTo(worldSize);
            ShutdownReport report = pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThat(report.ends()).hasSize(worldSize);
        }
    }

    @Test
    void anInitThatEveryRankRefusesEndsThePool() throws Exception {
        try (WorkerPool pool = spawn(3, options(Map.of("NEURON_TP_STAGE", "7a-i")))) {
            PoolFailure failure = FaultTest.failure(pool::init);
            assertThat(failure.first().op()).isEqualTo(Operation.INIT.name());
            assertThat(failure.first().errorKind()).contains("not_implemented_7a_i");
        }
    }

    @Test
    void aRankThatDiesInInitIsNamedFirst() throws Exception {
        try (WorkerPool pool = spawn(4, faulty("rank=2,at=init,do=die"))) {
            PoolFailure failure = FaultTest.failure(pool::init);
            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("its process ended; its end: exit 99");
            assertGone(pool);
        }
    }

    @Test
    void aRankThatDiesInTheAllReduceIsNamedFirst() throws Exception {
        try (WorkerPool pool = spawn(4, faulty("rank=3,at=all-reduce,do=die"))) {
            pool.init();
            PoolFailure failure = FaultTest.failure(pool::sanityCheck);
            assertThat(failure.getMessage())
                    .startsWith("sanity failed on rank 3 ")
                    .contains("exit 99");
            assertGone(pool);
        }
    }

    @Test
    void aRankThatIsKilledInAHangingInitIsNamedFirst() throws Exception {
        try (WorkerPool pool = spawn(3, faulty("rank=1,at=init,do=hang"))) {
            pool.pingAll();
            CompletableFuture<PoolFailure> init = CompletableFuture.supplyAsync(() -> FaultTest.failure(pool::init));
            Awaitility.await().until(() -> pool.state().state() == PoolState.JOINING);
            long pid = pool.state().ranks().get(2).process().orElseThrow().pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            assertThat(init.get().getMessage())
                    .startsWith("init failed on rank 2 (pid " + pid + ") ")
                    .contains("exit 137 (SIGKILL)");
            assertGone(pool);
        }
    }

    @ParameterizedTest
    @CsvSource({"hang", "stuck"})
    void aHangingInitEndsAtItsDeadline(String way) throws Exception {
        Duration limit = Duration.ofSeconds(1);
        PoolOptions options = faulty("rank=1,at=init,do=" + way)
                .withDeadlines(Deadlines.DEFAULT.withSanity(limit).withInit(limit));
        try (WorkerPool pool = spawn(3, options)) {
            PoolFailure failure = FaultTest.failure(pool::init);
            assertThat(failure.getMessage()).contains("it did not answer within 1 s");
            assertThat(failure.failures()).extracting(RankFailure::rank).contains(1);
            assertGone(pool);
        }
    }

    @ParameterizedTest
    @CsvSource({"hang", "stuck"})
    void aShutdownEndsAHangingInit(String way) throws Exception {
        try (WorkerPool pool = spawn(3, faulty("rank=2,at=init,do=" + way))) {
            pool.pingAll();
            CompletableFuture<Throwable> init = CompletableFuture.supplyAsync(() -> catchThrowable(pool::init));
            Awaitility.await().until(() -> pool.state().state() == PoolState.JOINING);
            ShutdownReport report = pool.shutdown();
            assertThat(report.gone()).as(report.toString()).isTrue();
            assertThat(report.took()).isLessThan(Duration.ofSeconds(10));
            assertThat(init.get()).isInstanceOf(PoolException.Ended.class);
            assertGone(pool);
        }
    }

    private static PoolOptions faulty(String fault) {
        return options(Map.of("NEURON_LOOPBACK_FAULT", fault));
    }

    private static PoolOptions options(Map<String, String> environment) {
        return PoolOptions.DEFAULT
                .withCommunicator(Communicators.withoutGpu())
                .withCommandIsWorker(true)
                .withEnvironment(environment);
    }

    private static WorkerPool spawn(int worldSize, PoolOptions options) throws Exception {
        return WorkerPool.spawn(RealWorkers.COMMAND, worldSize, TestPool.devices(worldSize), options);
    }

    private static void assertGone(WorkerPool pool) {
        assertThat(pool.state().ranks()).extracting(RankSnapshot::state).containsOnly(RankState.GONE);
        assertThat(pool.state().ranks())
                .allSatisfy(rank -> assertThat(rank.process().filter(ProcessIdentity::alive))
                        .isEmpty());
    }
}
