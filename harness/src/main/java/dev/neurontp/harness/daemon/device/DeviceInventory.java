package dev.neurontp.harness.daemon.device;

import java.util.List;
import java.util.Optional;

/**
 * What does not change while the driver stays.
 *
 * @param cudaVersion the newest CUDA that the driver can serve
 */
public record DeviceInventory(Optional<String> cudaVersion, Optional<String> driverVersion, List<Device> devices) {
    static final DeviceInventory NONE = new DeviceInventory(Optional.empty(), Optional.empty(), List.of());

    /**
     * One GPU; memory in MiB.
     *
     * @param uuid {@code GPU-…}
     * @param busId its PCI address: {@code 00000000:1B:00.0}
     */
    public record Device(
            int index,
            String name,
            Optional<Long> memoryMiB,
            Optional<String> computeCapability,
            Optional<String> uuid,
            Optional<String> busId) {}
}
