package dev.neurontp.gpu;

import org.junit.jupiter.api.Tag;

/** Real NCCL on one real GPU. */
@Tag("gpu")
@Requires.Gpus(1)
class OneGpuIT extends NcclScenarios {
    @Override
    NcclHost host() {
        return Requires.host();
    }
}
