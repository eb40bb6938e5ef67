package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.neurontp.harness.nvml.Nvml;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;

/**
 * Prints what NVML answers about one GPU; of a call that fails nothing is printed.
 *
 * @param prefix stands before each key: {@code gpu.0.}
 */
record NvmlLines(Nvml nvml, MemorySegment device, String prefix, PrintStream out) {
    void say(String key, String value) {
        NvmlProbe.say(out, prefix + key, value);
    }

    /** Whether a call has worked. A GPU that is lost says so to every call. */
    boolean worked(int result) {
        if (result == Nvml.GPU_IS_LOST) {
            say("lost", Integer.toString(result));
        }
        return result == Nvml.SUCCESS;
    }

    /** The unsigned 32 bits that a call has put into {@code number}. */
    void number(String key, int result, MemorySegment number) {
        if (worked(result)) {
            say(key, Integer.toUnsignedString(number.get(JAVA_INT, 0)));
        }
    }
}
