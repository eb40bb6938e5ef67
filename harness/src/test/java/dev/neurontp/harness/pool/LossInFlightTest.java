package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A rank that is lost while the pool does something, but nothing is asked of that rank: what the pool did is told, not that it was idle. */
class LossInFlightTest {
    @Test
    void aRankThatEndsBeforeItIsAskedToJoinIsLostInInit() throws Exception {
        try (TestPool test = TestPool.of("", 3)) {
            test.pool.pingAll();
            test.communicators.serving = ScriptedCommunicators.Way.COMES_LATE;
            CompletableFuture<Throwable> init = CompletableFuture.supplyAsync(() -> catchThrowable(test.pool::init));
            test.communicators.blocked.await();
            long pid = test.pid(1);
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            assertThat(init.get(1, TimeUnit.MINUTES))
                    .isInstanceOf(PoolFailure.class)
                    .hasMessageStartingWith("init failed on rank 1 (pid " + pid + ") after ")
                    .hasMessageContaining("its process ended, before it was asked");
            test.communicators.released.countDown();
            assertThat(test.events)
                    .filteredOn(PoolEvent.RankFailed.class::isInstance)
                    .extracting(event -> ((PoolEvent.RankFailed) event).op())
                    .containsOnly("init");
        }
    }

    @Test
    void aRankThatFailsAfterItsOwnAnswerIsLostInWhatTheOthersStillDo() throws Exception {
        try (TestPool test = TestPool.of("silent-init@2,twice@1#2", 3)) {
            test.pool.pingAll();
            assertThat(catchThrowable(test.pool::init))
                    .isInstanceOf(PoolFailure.class)
                    .hasMessageStartingWith("init failed on rank 1 ")
                    .hasMessageContaining("it sent 'init_ok' although nothing was asked, after it had answered");
        }
    }
}
