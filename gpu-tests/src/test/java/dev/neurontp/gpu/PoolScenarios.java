package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What must hold on two or more GPUs, real or simulated, through the pool behind {@code neuron --tp-smoke}. */
abstract class PoolScenarios {
    private static final Duration TIMEOUT = Duration.ofMinutes(4);

    abstract NcclHost host();

    @TestFactory
    List<DynamicTest> everyPairOfGpusJoinsAndReduces() {
        List<DynamicTest> pairs = new ArrayList<>();
        for (int first = 0; first < host().devices(); first++) {
            for (int second = first + 1; second < host().devices(); second++) {
                List<Integer> pair = List.of(first, second);
                pairs.add(DynamicTest.dynamicTest("devices " + pair, () -> assertSum(pair)));
            }
        }
        return pairs;
    }

    @Test
    void allGpusJoinAndReduce() throws IOException, InterruptedException {
        assertSum(IntStream.range(0, host().devices()).boxed().toList());
    }

    final void assertSum(List<Integer> devices) throws IOException, InterruptedException {
        String list = devices.stream().map(Object::toString).collect(Collectors.joining(","));
        try (ProgramProcess smoke = ProgramProcess.neuron(
                host().environment(), "--tp-smoke", "--tp-size=" + devices.size(), "--cuda-devices=" + list)) {
            assertThat(smoke.rest(TIMEOUT))
                    .as(smoke.stderr())
                    .contains("observed_sum=" + devices.size(), "status=ok")
                    .satisfies(lines -> assertThat(lines.contains("simulation=true"))
                            .as("labelled as what it is")
                            .isEqualTo(host().isSimulated()));
        }
    }
}
