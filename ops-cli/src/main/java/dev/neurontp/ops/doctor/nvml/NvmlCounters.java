package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.harness.nvml.Nvml;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What changes of a GPU while it works: heat, clocks and the errors of its memory. */
final class NvmlCounters {
    private static final int UNCORRECTED = 1;
    private static final int SINCE_LOADED = 0;
    private static final int ON_THE_CHIP = 0;
    private static final int CLOCK_OF_SM = 1;

    private final NvmlLines lines;
    private final Nvml nvml;
    private final MemorySegment device;

    NvmlCounters(NvmlLines lines) {
        this.lines = lines;
        this.nvml = lines.nvml();
        this.device = lines.device();
    }

    /** All of them. */
    void describe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_LONG);
            lines.number("temperature", nvml.call("nvmlDeviceGetTemperature", device, ON_THE_CHIP, number), number);
            lines.number("sm_clock", nvml.call("nvmlDeviceGetClockInfo", device, CLOCK_OF_SM, number), number);
        }
        clockReasons();
        memoryErrors();
    }

    /** Why the clock is where it is, as bits. */
    void clockReasons() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment reasons = arena.allocate(JAVA_LONG);
            int result = nvml.call("nvmlDeviceGetCurrentClocksEventReasons", device, reasons);
            if (result == Nvml.NO_FUNCTION) {
                result = nvml.call("nvmlDeviceGetCurrentClocksThrottleReasons", device, reasons);
            }
            if (lines.worked(result)) {
                lines.say("clock_reasons", Long.toString(reasons.get(JAVA_LONG, 0)));
            }
        }
    }

    /** Errors that ECC could not correct, and rows that are replaced at the next reset or could not be. */
    void memoryErrors() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            if (lines.worked(nvml.call("nvmlDeviceGetTotalEccErrors", device, UNCORRECTED, SINCE_LOADED, count))) {
                lines.say("ecc_uncorrected", Long.toString(count.get(JAVA_LONG, 0)));
            }
            MemorySegment pending = arena.allocate(JAVA_INT);
            MemorySegment failed = arena.allocate(JAVA_INT);
            MemorySegment unused = arena.allocate(JAVA_LONG);
            if (lines.worked(nvml.call(
                    "nvmlDeviceGetRemappedRows", device, unused, unused.asSlice(Integer.BYTES), pending, failed))) {
                lines.say("remap_pending", Integer.toString(pending.get(JAVA_INT, 0)));
                lines.say("remap_failed", Integer.toString(failed.get(JAVA_INT, 0)));
            }
        }
    }
}
