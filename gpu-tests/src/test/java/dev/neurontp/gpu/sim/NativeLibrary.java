package dev.neurontp.gpu.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Calls C functions by name, their types read off the arguments: an int is an int, a long a size or a handle, a segment a
 * pointer, a {@link UniqueId} the 128-byte struct itself.
 */
@SuppressWarnings("restricted") // calling C is what it is for
final class NativeLibrary {
    private final SymbolLookup symbols;

    private NativeLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    static NativeLibrary load(Path path) {
        return new NativeLibrary(SymbolLookup.libraryLookup(path, Arena.global()));
    }

    /** The C library that this process runs on. */
    static NativeLibrary ofProcess() {
        return new NativeLibrary(Linker.nativeLinker().defaultLookup());
    }

    boolean has(String name) {
        return symbols.find(name).isPresent();
    }

    /** What a function that gives an int gives. */
    int call(String name, Object... arguments) {
        return (int) invoke(symbols.findOrThrow(name), ValueLayout.JAVA_INT, arguments);
    }

    /** The same by address, as cuGetProcAddress hands it out. */
    static int callAt(MemorySegment function, Object... arguments) {
        return (int) invoke(function, ValueLayout.JAVA_INT, arguments);
    }

    /** What a function that gives a C string gives. */
    String text(String name, Object... arguments) {
        return text((MemorySegment) invoke(symbols.findOrThrow(name), ValueLayout.ADDRESS, arguments));
    }

    /** The C string that lies under a symbol. */
    String textAt(String name) {
        return text(symbols.findOrThrow(name));
    }

    static String text(MemorySegment pointer) {
        return pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    private static Object invoke(MemorySegment function, MemoryLayout result, Object... arguments) {
        MemoryLayout[] types =
                Arrays.stream(arguments).map(NativeLibrary::layoutOf).toArray(MemoryLayout[]::new);
        Object[] values = Arrays.stream(arguments)
                .map(argument -> argument instanceof UniqueId id ? id.bytes() : argument)
                .toArray();
        try {
            return Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(result, types))
                    .invokeWithArguments(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing of its own", e);
        }
    }

    private static MemoryLayout layoutOf(Object argument) {
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            case UniqueId _ -> UniqueId.LAYOUT;
            default -> throw new IllegalArgumentException("no C type for " + argument);
        };
    }
}
