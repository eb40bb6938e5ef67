package dev.neurontp.harness.daemon.device;

import java.util.List;
import java.util.Optional;

/**
 * What each poll reads anew.
 *
 * @param programs what computes on the GPUs, a program on two of them twice
 */
public record DeviceReading(List<Usage> devices, List<Program> programs) {
    static final DeviceReading NONE = new DeviceReading(List.of(), List.of());

    /** A GPU sees programs of the whole host; a page of them is enough for a person. */
    private static final int MOST_PROGRAMS = 1024;

    public DeviceReading {
        devices = List.copyOf(devices);
        programs = programs.stream().limit(MOST_PROGRAMS).toList();
    }

    /**
     * A program that computes on a GPU; memory in MiB.
     *
     * @param busId the GPU's PCI address
     * @param name as nvidia-smi says it, which may hide it from another user
     */
    public record Program(long pid, Optional<Long> usedMiB, String busId, String name) {}

    /** MiB of GPU memory of that process on all GPUs together; empty when it has none, or nobody says. */
    Optional<Long> usedBy(long pid) {
        return programs.stream()
                .filter(program -> program.pid() == pid)
                .flatMap(program -> program.usedMiB().stream())
                .reduce(Long::sum);
    }

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
