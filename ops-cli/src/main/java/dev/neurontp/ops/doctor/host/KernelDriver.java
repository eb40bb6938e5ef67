package dev.neurontp.ops.doctor.host;

import dev.neurontp.worker.comm.HostFacts;
import java.util.Optional;

/** The NVIDIA kernel module that is loaded. */
public final class KernelDriver {
    private KernelDriver() {}

    /** Its version, such as 550.90.07; empty where none is loaded. */
    public static Optional<String> version(HostFiles files) {
        return files.line("/proc/driver/nvidia/version")
                .map(HostFacts::kernelModuleVersion)
                .filter(version -> !version.isEmpty());
    }
}
