package dev.neurontp.harness.daemon.device;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How many GPUs a worker of this host can address, asked once.
 *
 * @param visible by indexes from 0 on; empty where nobody knows
 * @param problem why nobody knows; else empty
 */
public record GpuCount(Optional<Integer> visible, String problem) {
    /** Asks nvidia-smi, where there is one. */
    public static GpuCount here(Duration limit, Map<String, String> environment) throws InterruptedException {
        NvidiaSmi nvidiaSmi = new NvidiaSmi("nvidia-smi", limit);
        if (!nvidiaSmi.present()) {
            return new GpuCount(Optional.empty(), "there is no nvidia-smi");
        }
        try {
            return new GpuCount(VisibleGpus.count(Optional.of(nvidiaSmi.count()), environment), "");
        } catch (IOException e) {
            return new GpuCount(Optional.empty(), e.getMessage());
        }
    }
}
