package dev.neurontp.gpu;

import org.junit.jupiter.api.Tag;

/** Real NCCL between real GPUs, through a pool. */
@Tag("multi-gpu")
@Requires.Gpus(2)
class ManyGpusIT extends PoolScenarios {
    @Override
    NcclHost host() {
        return Requires.host();
    }
}
