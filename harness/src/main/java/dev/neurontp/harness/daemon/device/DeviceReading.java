package dev.neurontp.harness.daemon.device;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each poll reads anew.
 *
 * @param usedByPid MiB of GPU memory, by process
 */
public record DeviceReading(List<Usage> devices, Map<Long, Long> usedByPid) {
    static final DeviceReading NONE = new DeviceReading(List.of(), Map.of());

    /**
     * One GPU; memory in MiB, temperature in degrees Celsius.
     *
     * @param uncorrectedErrors memory errors since the driver was loaded that ECC could not correct; empty without ECC
     */
    public record Usage(
            int index,
            Optional<Long> usedMiB,
            Optional<Long> freeMiB,
            Optional<Long> utilizationPercent,
            Optional<Long> temperature,
            Optional<Long> uncorrectedErrors) {}
}
