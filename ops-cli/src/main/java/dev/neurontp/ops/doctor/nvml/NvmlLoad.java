package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Whether a GPU is busy, and what is to be seen of it only then. */
final class NvmlLoad {
    private static final int CLOCK_OF_SM = 1;

    private final Nvml nvml;
    private final MemorySegment device;
    private final String prefix;
    private final PrintStream out;

    NvmlLoad(Nvml nvml, MemorySegment device, String prefix, PrintStream out) {
        this.nvml = nvml;
        this.device = device;
        this.prefix = prefix;
        this.out = out;
    }

    void describe() {
        try (Arena arena = Arena.ofConfined()) {
            // struct nvmlUtilization_t: percent of the GPU, percent of its memory.
            MemorySegment two = arena.allocate(JAVA_LONG);
            number("busy", nvml.call("nvmlDeviceGetUtilizationRates", device, two), two);
            number("sm_clock", nvml.call("nvmlDeviceGetClockInfo", device, CLOCK_OF_SM, two), two);
            number("sm_clock_max", nvml.call("nvmlDeviceGetMaxClockInfo", device, CLOCK_OF_SM, two), two);
        }
    }

    private void number(String key, int result, MemorySegment number) {
        if (result == Nvml.SUCCESS) {
            NvmlProbe.say(out, prefix + key, Integer.toUnsignedString(number.get(JAVA_INT, 0)));
        }
    }
}
