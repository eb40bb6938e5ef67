package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.harness.nvml.Nvml;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Whether a GPU is busy, and what is to be seen of it only then. */
final class NvmlLoad {
    private static final int CLOCK_OF_SM = 1;

    private final NvmlLines lines;
    private final Nvml nvml;
    private final MemorySegment device;

    NvmlLoad(NvmlLines lines) {
        this.lines = lines;
        this.nvml = lines.nvml();
        this.device = lines.device();
    }

    void describe() {
        try (Arena arena = Arena.ofConfined()) {
            // struct nvmlUtilization_t: percent of the GPU, percent of its memory.
            MemorySegment two = arena.allocate(JAVA_LONG);
            lines.number("busy", nvml.call("nvmlDeviceGetUtilizationRates", device, two), two);
            lines.number("sm_clock", nvml.call("nvmlDeviceGetClockInfo", device, CLOCK_OF_SM, two), two);
            lines.number("sm_clock_max", nvml.call("nvmlDeviceGetMaxClockInfo", device, CLOCK_OF_SM, two), two);
        }
    }
}
