package dev.neurontp.gpu;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where NCCL's versions behave in different ways, each of the ways; {@link SimulatedGpuIT} has the usual one. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedVersionsIT {
    @ParameterizedTest
    @ValueSource(strings = {"21403", "22907", "23003", "23004", "23007", "23100"})
    void twoRanksOnOneGpuAreRefusedByEach(String version) throws IOException, InterruptedException {
        NcclScenarios.twoRanksOnOneGpuAreRefusedInWords(Simulation.HOST.with("NEURONTP_SIM_NCCL_VERSION", version));
    }
}
