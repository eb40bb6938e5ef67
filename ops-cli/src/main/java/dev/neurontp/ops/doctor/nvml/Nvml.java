package dev.neurontp.ops.doctor.nvml;

import dev.neurontp.worker.library.Native;
import dev.neurontp.worker.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Calls NVML's functions. Each is optional: what an old library does not have is not known, and so is whatever returns an
 * error. One thread.
 */
final class Nvml {
    static final int SUCCESS = 0;
    static final int NO_FUNCTION = 13;
    static final int GPU_IS_LOST = 15;

    private static final int TEXT_BYTES = 96;

    private final SharedLibrary library;

    Nvml(SharedLibrary library) {
        this.library = library;
    }

    /** Calls a function that returns {@code nvmlReturn_t} and takes ints, longs and pointers, as {@code arguments} are. */
    int call(String function, Object... arguments) {
        MemoryLayout[] types = Arrays.stream(arguments)
                .map(argument -> switch (argument) {
                    case Integer _ -> ValueLayout.JAVA_INT;
                    case Long _ -> ValueLayout.JAVA_LONG;
                    default -> ValueLayout.ADDRESS;
                })
                .toArray(MemoryLayout[]::new);
        return library.function(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, types))
                .map(handle -> Native.call(() -> (int) handle.invokeWithArguments(arguments)))
                .orElse(NO_FUNCTION);
    }

    /** What a function puts into a buffer of 96 bytes, which it takes last with its length; empty where it fails. */
    Optional<String> text(String function, Object... before) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(TEXT_BYTES);
            List<Object> arguments = new ArrayList<>(List.of(before));
            arguments.add(buffer);
            arguments.add(TEXT_BYTES);
            return call(function, arguments.toArray()) == SUCCESS ? Optional.of(text(buffer)) : Optional.empty();
        }
    }

    /** A C string in memory of our own; cut at its end where nothing ends it. */
    static String text(MemorySegment memory) {
        byte[] bytes = memory.toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
