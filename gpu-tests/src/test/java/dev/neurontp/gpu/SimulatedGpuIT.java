package dev.neurontp.gpu;

import org.junit.jupiter.api.Tag;

/** The tests for one GPU, on the stand-in: they are known to work before they meet hardware. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedGpuIT extends NcclScenarios {
    @Override
    NcclHost host() {
        return Simulation.HOST;
    }
}
