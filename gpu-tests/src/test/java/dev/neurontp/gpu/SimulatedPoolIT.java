package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests for several GPUs, on the stand-in. */
@Tag("sim")
@Needs.StandIn
class SimulatedPoolIT extends PoolScenarios {
    @Override
    NcclHost host() {
        return Simulation.HOST;
    }

    /** One pair of the 28 is enough here. */
    @Override
    List<DynamicTest> everyPairOfGpusJoinsAndReduces() {
        return super.everyPairOfGpusJoinsAndReduces().subList(12, 13);
    }

    @ParameterizedTest
    @CsvSource({
        "skip@collective:2, failed_rank=2, its contribution is missing from the sums of all ranks",
        "corrupt@collective:1, failed_rank=1, it received wrong sums",
        "oom@init:1, failed_rank=1, out of memory",
        "cuda@collective:2, failed_rank=2, CUDA",
        "hang@collective:1, status=failed, rank 1 (was at|of 3 is ended)",
        "hang@init:1, status=failed, rank 1 (was at|of 3 is ended)",
        "'hang@init:1,hang@abort', status=failed, rank 1 (was at|of 3 is ended)"
    })
    void aFaultOfOneRankFailsTheSmokeTestWithItsName(String fault, String line, String words)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(host().environment());
        environment.putAll(
                Map.of("NEURONTP_SIM_FAULT", fault, "NEURON_NCCL_INIT_TIMEOUT", "4", "NEURON_NCCL_TIMEOUT", "3"));
        try (NeuronProcess smoke = NeuronProcess.start(environment, "--tp-smoke", "--tp-size=3")) {
            assertThat(smoke.rest(Duration.ofSeconds(60)))
                    .as(smoke.stderr())
                    .contains(line, "status=failed", "simulation=true");
            assertThat(smoke.exitCode(Duration.ofSeconds(1))).isEqualTo(1);
            assertThat(smoke.stderr()).containsPattern(words);
        }
    }

    /** The stand-in shows 8 devices, so a world of 8 is among the inherited tests. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aSmokeTestReportsTheSum(int worldSize) throws IOException, InterruptedException {
        assertSum(IntStream.range(0, worldSize).boxed().toList());
    }
}
