package dev.neurontp.harness.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.worker.os.ThreadLimitException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool has failed at once, and the host gives no thread for what would see that and restart it. */
@Timeout(120)
class UnattendedPoolTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private static final class NoRecords implements PoolRecords {
        @Override
        public void starting(StartingPool pool) {}

        @Override
        public void created(ManagedPool pool) {}

        @Override
        public void notCreated(StartingPool pool, Instant when, String reason) {}

        @Override
        public void removed(String id) {}
    }

    @Test
    void itIsNotRestartedAndSaysWhy() throws Exception {
        Clock clock = Clock.systemUTC();
        PoolServices services = ShortPools.services(folder, clock, new NoRecords());
        PoolPlan plan = ShortPools.plan(1, RestartPolicy.ON_FAILURE);
        PoolLog log = new PoolLog(10, _ -> Optional.empty(), clock);
        ManagedPool pool = new ManagedPool(
                new StartingPool("a", 1, plan, RestartHistory.NONE, clock.instant(), log), services, new Fences(clock));
        assertThat(pool.awaitOver(LIMIT)).isTrue();
        assertThat(pool.state()).isEqualTo(PoolState.FAILED);

        assertThatThrownBy(() -> pool.start(_ -> {}, (name, _) -> {
                    throw ThreadLimitException.of(name, new OutOfMemoryError());
                }))
                .isInstanceOfSatisfying(
                        PoolRequestException.class,
                        refusal -> assertThat(refusal.type()).isEqualTo(ErrorType.HOST_LIMIT));
        assertThat(pool.awaitsRestart()).isFalse();
        assertThat(pool.succession().notRestarted())
                .hasValueSatisfying(why -> assertThat(why).contains("pool-a-probe", "the host's limit on processes"));
    }
}
