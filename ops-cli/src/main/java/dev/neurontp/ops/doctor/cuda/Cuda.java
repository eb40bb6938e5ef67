package dev.neurontp.ops.doctor.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.neurontp.worker.library.Native;
import dev.neurontp.worker.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Calls the CUDA driver's functions. One thread. */
final class Cuda {
    private final SharedLibrary library;

    Cuda(SharedLibrary library) {
        this.library = library;
    }

    /** A call that did not succeed. The message has the function and the driver's name of the error. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1;

        FailedException(String message) {
            super(message);
        }
    }

    /** Calls a function that returns {@code CUresult} and takes ints, longs and pointers, as {@code arguments} are. */
    void call(String function, Object... arguments) throws FailedException {
        callUnless(0, function, arguments);
    }

    /** The same; false where it returns {@code refusal}, an error that is an answer. */
    boolean callUnless(int refusal, String function, Object... arguments) throws FailedException {
        int result = result(function, arguments);
        if (result != 0 && result != refusal) {
            throw new FailedException(function + " failed: " + name(result) + " (" + result + ")");
        }
        return result == 0;
    }

    private int result(String function, Object... arguments) throws FailedException {
        MemoryLayout[] types = Arrays.stream(arguments)
                .map(argument -> switch (argument) {
                    case Integer _ -> JAVA_INT;
                    case Long _ -> JAVA_LONG;
                    default -> ADDRESS;
                })
                .toArray(MemoryLayout[]::new);
        var handle = library.function(function, FunctionDescriptor.of(JAVA_INT, types))
                .orElseThrow(() -> new FailedException(library.name() + " has no " + function));
        return Native.call(() -> (int) handle.invokeWithArguments(arguments));
    }

    private String name(int result) throws FailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(ADDRESS);
            return result("cuGetErrorName", result, name) == 0 ? Native.text(name.get(ADDRESS, 0)) : "an unknown error";
        }
    }

    /** What a function puts where its first argument points. */
    int number(String function, Object... arguments) throws FailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            call(function, withFirst(out, arguments));
            return out.get(JAVA_INT, 0);
        }
    }

    /** The same for a handle or an address of the device. */
    long handle(String function, Object... arguments) throws FailedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            call(function, withFirst(out, arguments));
            return out.get(JAVA_LONG, 0);
        }
    }

    private static Object[] withFirst(Object first, Object... others) {
        Object[] all = new Object[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }
}
