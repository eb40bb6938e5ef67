package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Since when a daemon runs, and how its devices are.
 *
 * @param devicesRead when the devices were read
 * @param devicesProblem why the last poll failed
 */
public record Health(
        long uptimeSecs, List<Device> devices, Optional<Instant> devicesRead, Optional<String> devicesProblem) {
    /** One GPU; memory in MiB. */
    public record Device(
            int index,
            Optional<Long> vramUsedMb,
            Optional<Long> vramFreeMb,
            Optional<Long> utilizationPct,
            Optional<Long> tempC) {}
}
