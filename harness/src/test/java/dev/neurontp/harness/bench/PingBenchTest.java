package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.pool.PoolOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PingBenchTest {
    @Test
    void theNumbersOfALivePoolAreInOrder() throws Exception {
        String script = Path.of(
                        PingBenchTest.class.getResource("/faulty-worker.sh").toURI())
                .toString();
        PingBench bench = new PingBench(List.of("/bin/sh", script, ""), 10, 50);
        PingBench.Result result = bench.run(3, PoolOptions.DEFAULT);
        assertThat(result.p50()).isPositive().isLessThanOrEqualTo(result.p99());
        assertThat(result.p99()).isLessThanOrEqualTo(result.worst());
        assertThat(result.ready()).isPositive();
    }

    @Test
    void noRoundsAreRefused() {
        assertThatThrownBy(() -> new PingBench(List.of("/bin/true"), 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounds is 0");
    }

    @Test
    void moreRoundsThanAreKeptAreRefused() {
        assertThatThrownBy(() -> new PingBench(List.of("/bin/true"), 0, PingBench.MOST_ROUNDS + 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rounds is 10000001", "from 1 to 10000000");
    }
}
