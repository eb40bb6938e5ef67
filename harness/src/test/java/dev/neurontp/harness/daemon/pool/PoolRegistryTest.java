package dev.neurontp.harness.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.pool.RestartPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which of the ended pools stay in the list. */
class PoolRegistryTest {
    private static final int KEPT = 2;

    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void thoseThatEndedLastStayWhateverTheClockSays() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        InstantSource source = now::get;
        Clock clock = source.withZone(ZoneOffset.UTC);
        PoolServices services = ShortPools.services(folder, clock, PoolRecords.NONE);
        PoolRegistry registry = new PoolRegistry(services, 10, KEPT);
        PoolCreator creator = new PoolCreator(registry, services);
        for (int i = 0; i <= KEPT; i++) {
            creator.create(ShortPools.plan(i, RestartPolicy.NEVER)).pool().awaitOver(Duration.ofSeconds(50));
            now.set(now.get().minus(Duration.ofHours(1)));
        }
        registry.forgetOldest();
        assertThat(registry.all())
                .extracting(pool -> pool.plan().name().orElseThrow())
                .containsExactly("p1", "p2");
    }
}
