package dev.neurontp.harness.daemon.pool;

import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.time.Deadline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pool whose worker ends at once is over before it is in the list, where whoever starts it is held up. */
@Timeout(120)
class EarlyEndTest {
    private static final int MANY = 40;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Holds up whoever starts a pool until that one is over. */
    private static final class Slow implements PoolRecords {
        @Override
        public void starting(StartingPool pool) {}

        @Override
        public void created(ManagedPool pool) {
            try {
                pool.awaitOver(LIMIT);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void notCreated(StartingPool pool, Instant when, String reason) {}

        @Override
        public void removed(String id) {}
    }

    @Test
    void onePutIntoTheListAfterItsEndIsRestartedAllTheSame() throws Exception {
        PoolServices services = ShortPools.services(folder, Clock.systemUTC(), new Slow());
        PoolRegistry registry = new PoolRegistry(services, MANY * 10, MANY * 10);
        PoolCreator creator = new PoolCreator(registry, services);
        List<ManagedPool> pools = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            pools.add(
                    creator.create(ShortPools.plan(i, RestartPolicy.ON_FAILURE)).pool());
        }
        try {
            for (ManagedPool pool : pools) {
                await().atMost(LIMIT).until(() -> pool.succession().successor().isPresent());
            }
        } finally {
            registry.shutDownAll(Deadline.in(LIMIT));
        }
    }
}
