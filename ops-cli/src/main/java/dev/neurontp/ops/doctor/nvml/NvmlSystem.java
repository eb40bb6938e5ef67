package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.neurontp.harness.nvml.Nvml;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What NVML says of the whole host. */
final class NvmlSystem {
    /** nvmlSystemConfComputeSettings_t: version, environment, feature, developers' mode, mode for several GPUs. */
    private static final int SETTINGS_BYTES = 20;

    private static final int SETTINGS_VERSION = 1 << 24 | SETTINGS_BYTES;
    private static final int FEATURE_OF_SETTINGS = 8;
    private static final int MULTI_GPU = 16;

    /** nvmlConfComputeSystemState_t: environment, feature, developers' mode. */
    private static final int STATE_BYTES = 12;

    private static final int FEATURE_OF_STATE = 4;

    private NvmlSystem() {}

    /** Whether confidential computing is on, and for several GPUs. */
    static void describe(Nvml nvml, PrintStream out) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment settings = arena.allocate(SETTINGS_BYTES, Integer.BYTES);
            settings.set(JAVA_INT, 0, SETTINGS_VERSION);
            if (nvml.call("nvmlSystemGetConfComputeSettings", settings) == Nvml.SUCCESS) {
                say(out, "confidential", settings.get(JAVA_INT, FEATURE_OF_SETTINGS));
                say(out, "confidential_multi_gpu", settings.get(JAVA_INT, MULTI_GPU));
                return;
            }
            MemorySegment state = arena.allocate(STATE_BYTES, Integer.BYTES);
            if (nvml.call("nvmlSystemGetConfComputeState", state) == Nvml.SUCCESS) {
                say(out, "confidential", state.get(JAVA_INT, FEATURE_OF_STATE));
            }
        }
    }

    private static void say(PrintStream out, String key, int value) {
        NvmlProbe.say(out, key, Integer.toString(value));
    }
}
