package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What changes of a GPU while it works: heat, clocks and the errors of its memory. */
final class NvmlCounters {
    private static final int UNCORRECTED = 1;
    private static final int SINCE_LOADED = 0;
    private static final int ON_THE_CHIP = 0;
    private static final int CLOCK_OF_SM = 1;

    private final Nvml nvml;
    private final MemorySegment device;
    private final String prefix;
    private final PrintStream out;

    NvmlCounters(Nvml nvml, MemorySegment device, String prefix, PrintStream out) {
        this.nvml = nvml;
        this.device = device;
        this.prefix = prefix;
        this.out = out;
    }

    /** All of them. */
    void describe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(JAVA_LONG);
            if (worked(nvml.call("nvmlDeviceGetTemperature", device, ON_THE_CHIP, number))) {
                say("temperature", Integer.toUnsignedString(number.get(JAVA_INT, 0)));
            }
            if (worked(nvml.call("nvmlDeviceGetClockInfo", device, CLOCK_OF_SM, number))) {
                say("sm_clock", Integer.toUnsignedString(number.get(JAVA_INT, 0)));
            }
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
            if (worked(result)) {
                say("clock_reasons", Long.toString(reasons.get(JAVA_LONG, 0)));
            }
        }
    }

    /** Errors that ECC could not correct, and rows that are replaced at the next reset or could not be. */
    void memoryErrors() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            if (worked(nvml.call("nvmlDeviceGetTotalEccErrors", device, UNCORRECTED, SINCE_LOADED, count))) {
                say("ecc_uncorrected", Long.toString(count.get(JAVA_LONG, 0)));
            }
            MemorySegment pending = arena.allocate(JAVA_INT);
            MemorySegment failed = arena.allocate(JAVA_INT);
            MemorySegment unused = arena.allocate(JAVA_LONG);
            if (worked(nvml.call(
                    "nvmlDeviceGetRemappedRows", device, unused, unused.asSlice(Integer.BYTES), pending, failed))) {
                say("remap_pending", Integer.toString(pending.get(JAVA_INT, 0)));
                say("remap_failed", Integer.toString(failed.get(JAVA_INT, 0)));
            }
        }
    }

    private void say(String key, String value) {
        NvmlProbe.say(out, prefix + key, value);
    }

    /** A GPU that is lost says so to every call. */
    private boolean worked(int result) {
        if (result == Nvml.GPU_IS_LOST) {
            say("lost", Integer.toString(result));
        }
        return result == Nvml.SUCCESS;
    }
}
