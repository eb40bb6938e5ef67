package dev.neurontp.ops.doctor.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.worker.library.Native;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/** Calls {@code get_mempolicy} as NCCL does, to see whether a filter of system calls refuses it. */
final class MemoryPolicy {
    private static final Map<String, Long> NUMBERS = Map.of("amd64", 239L, "aarch64", 236L);
    private static final String ERRNO = "errno";

    private MemoryPolicy() {}

    @SuppressWarnings("restricted")
    static void describe(PrintStream out) {
        Long number = NUMBERS.get(System.getProperty("os.arch"));
        if (number == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState(ERRNO),
                Linker.Option.firstVariadicArg(1));
        StructLayout layout = Linker.Option.captureStateLayout();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(layout);
            // Without a pointer to fill it checks whether the call is allowed, and no more.
            long result = Native.call(() -> (long) syscall.invokeExact(state, (long) number, 0L, 0L, 0L, 0L, 0L));
            int errno = state.get(JAVA_INT, layout.byteOffset(PathElement.groupElement(ERRNO)));
            NvmlProbe.say(out, "mempolicy", result == 0 ? "ok" : words(errno));
        }
    }

    private static String words(int errno) {
        return switch (errno) {
            case 1 -> "errno 1, operation not permitted";
            case 38 -> "errno 38, not implemented";
            default -> "errno " + errno;
        };
    }
}
