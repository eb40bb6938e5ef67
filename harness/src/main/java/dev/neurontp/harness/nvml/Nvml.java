package dev.neurontp.harness.nvml;

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
import java.util.function.IntConsumer;

/**
 * Calls NVML's functions. Each is optional: what an old library does not have is not known, and so is whatever returns an
 * error. One thread.
 */
public final class Nvml {
    public static final int SUCCESS = 0;
    public static final int TIMEOUT = 10;
    public static final int NO_FUNCTION = 13;
    public static final int GPU_IS_LOST = 15;

    private static final int TEXT_BYTES = 96;
    private static final int MOST_GPUS = 64;

    private final SharedLibrary library;

    /** Calls that library, which {@link NvmlLibrary} opens. */
    public Nvml(SharedLibrary library) {
        this.library = library;
    }

    /** Calls a function that returns {@code nvmlReturn_t} and takes ints, longs and pointers, as {@code arguments} are. */
    public int call(String function, Object... arguments) {
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
    public Optional<String> text(String function, Object... before) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(TEXT_BYTES);
            List<Object> arguments = new ArrayList<>(List.of(before));
            arguments.add(buffer);
            arguments.add(TEXT_BYTES);
            return call(function, arguments.toArray()) == SUCCESS ? Optional.of(text(buffer)) : Optional.empty();
        }
    }

    /**
     * The handles of this host's GPUs, by index as nvidia-smi counts them; NULL for one that cannot be asked.
     *
     * @param asking hears of each before the driver is asked for it: it may hang there
     */
    public List<MemorySegment> devices(Arena arena, IntConsumer asking) {
        MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
        int count = call("nvmlDeviceGetCount_v2", number) == SUCCESS
                ? Math.clamp(number.get(ValueLayout.JAVA_INT, 0), 0, MOST_GPUS)
                : 0;
        List<MemorySegment> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asking.accept(i);
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            int result = call("nvmlDeviceGetHandleByIndex_v2", i, handle);
            devices.add(result == SUCCESS ? handle.get(ValueLayout.ADDRESS, 0) : MemorySegment.NULL);
        }
        return devices;
    }

    /** A C string in memory of our own; cut at its end where nothing ends it. */
    public static String text(MemorySegment memory) {
        byte[] bytes = memory.toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
