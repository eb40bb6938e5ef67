package dev.neurontp.harness.api;

import java.util.List;
import java.util.Optional;

/**
 * What a host is and has.
 *
 * @param cudaVersion the newest CUDA that the driver can serve
 */
public record Discovery(
        String hostname,
        String os,
        String kernel,
        Optional<String> cudaVersion,
        Optional<String> driverVersion,
        List<Device> devices,
        List<String> harnesses) {
    /** One GPU; {@code vramTotalMb} in MiB. */
    public record Device(int index, String name, Optional<Long> vramTotalMb, Optional<String> computeCapability) {}
}
