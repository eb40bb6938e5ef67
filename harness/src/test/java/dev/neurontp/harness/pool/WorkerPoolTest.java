package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.WorkerResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void aPoolLivesItsLife(int worldSize) throws Exception {
        try (TestPool test = TestPool.of("", worldSize)) {
            assertThat(test.pool.state().state()).isEqualTo(PoolState.STARTING);
            OperationResult<WorkerResponse.Pong> pongs = test.pool.pingAll();
            assertThat(pongs.ranks()).hasSize(worldSize - 1).allSatisfy(rank -> {
                assertThat(rank.pid()).isEqualTo(test.pid(rank.rank()));
                assertThat(rank.took()).isPositive().isLessThanOrEqualTo(pongs.took());
            });
            assertThat(test.pool.state().state()).isEqualTo(PoolState.READY);
            assertThat(test.pool.init().ranks()).hasSize(worldSize);
            assertThat(test.pool.state().state()).isEqualTo(PoolState.JOINED);
            OperationResult<WorkerResponse.NcclSanityResult> sums = test.pool.sanityCheck();
            assertThat(sums.first().observedSum()).isEqualTo(worldSize);
            assertThat(sums.ranks())
                    .extracting(OperationResult.RankReply::rank)
                    .doesNotHaveDuplicates()
                    .hasSize(worldSize);
            test.pool.pingAll();
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThat(report.ends())
                    .hasSize(worldSize)
                    .extracting(RankExit::rank)
                    .isSorted();
            assertThat(report.of(1).describe()).isEqualTo("bye, exit 0");
            assertThat(report.of(0).describe()).isEqualTo("left its communicator");
            assertThat(test.communicators.closed.getCount()).isZero();
            assertThat(test.communicators.rendezvousClosed.getCount()).isZero();
            assertThat(test.pool.state().state()).isEqualTo(PoolState.GONE);
            test.assertNothingLeft();
        }
    }

    @Test
    void rankZeroCanBeAProcessLikeTheOthers() throws Exception {
        try (TestPool test = TestPool.of("", 3, options -> options.withRankZero(PoolOptions.RankZero.SPAWNED))) {
            assertThat(test.pool.pingAll().ranks())
                    .extracting(OperationResult.RankReply::rank)
                    .containsExactly(0, 1, 2);
            test.pool.init();
            assertThat(test.pool.sanityCheck().ranks()).hasSize(3);
            assertThat(test.pool.shutdown().ends()).hasSize(3).noneMatch(RankExit::inProcess);
        }
    }

    @Test
    void shutdownTwiceGivesTheSameReport() throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            ShutdownReport report = test.pool.shutdown();
            assertThat(test.pool.shutdown()).isSameAs(report);
            assertThatThrownBy(test.pool::pingAll)
                    .isInstanceOf(PoolException.Ended.class)
                    .hasMessage("the pool was shut down");
        }
    }

    @Test
    void closeEndsALivePool() throws Exception {
        try (TestPool test = TestPool.of("", 3)) {
            test.pool.pingAll();
            test.pool.close();
            assertThat(test.pool.shutdown().of(2).steps()).containsExactly("SIGTERM");
            assertThat(test.pool.state().state()).isEqualTo(PoolState.GONE);
        }
    }

    @Test
    void aKillReportsHowEveryRankEnded() throws Exception {
        try (TestPool test = TestPool.of("", 3)) {
            test.pool.pingAll();
            ShutdownReport report = test.pool.kill();
            assertThat(report.gone()).isTrue();
            assertThat(report.clean()).isFalse();
            assertThat(report.of(2).steps()).containsExactly("SIGTERM");
            assertThat(test.pool.shutdown()).isSameAs(report);
            assertThat(test.pool.failure()).isEmpty();
        }
    }

    @Test
    void theFailureCanBeReadOnceThePoolHasEnded() throws Exception {
        try (TestPool test = TestPool.of("dies@1#2", 2)) {
            test.pool.pingAll();
            assertThat(test.pool.failure()).isEmpty();
            PoolFailure failure = FaultTest.failure(test.pool::pingAll);
            assertThat(test.pool.failure()).containsSame(failure);
        }
    }
}
