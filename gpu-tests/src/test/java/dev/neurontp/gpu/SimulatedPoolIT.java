package dev.neurontp.gpu;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests for several GPUs, on the stand-in. */
@Tag("sim")
@Requires.SimulatedLibraries
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

    /** The stand-in shows 8 devices, so a world of 8 is among the inherited tests. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aSmokeTestReportsTheSum(int worldSize) throws IOException, InterruptedException {
        assertSum(IntStream.range(0, worldSize).boxed().toList());
    }
}
