package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.pool.PoolOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints the numbers of docs/benchmarks.md: a measurement, so no number is asserted. */
@Tag("soak")
class PingBenchIT {
    @ParameterizedTest
    @ValueSource(ints = {2, 8, 33})
    @Timeout(300)
    void pingAllWithOurOwnWorkers(int worldSize) throws Exception {
        String neuron =
                Path.of(System.getProperty("neurontp.root"), "bin", "neuron").toString();
        PingBench.Result result = new PingBench(List.of(neuron), 2000, 3000).run(worldSize, PoolOptions.DEFAULT);
        System.out.println(result);
        assertThat(result.p50()).isPositive();
    }
}
