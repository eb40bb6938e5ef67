package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What workers write on stderr, and how much. */
@Timeout(60)
class StderrFaultTest {
    @Test
    void aFloodOnStderrDoesNotStopThePings() throws Exception {
        long bytes = 64L << 20;
        flood(bytes, 100);
    }

    static void flood(long bytes, int pings) throws Exception {
        AtomicLong seen = new AtomicLong();
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

    private static Map<String, String> flooded(PoolOptions options, long bytes) {
        Map<String, String> environment = new HashMap<>(options.environment());
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
}
