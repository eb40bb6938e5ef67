package dev.neurontp.worker.library;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * A library opened by the system's own loader, whose words about a failure are kept. It is never closed: native threads
 * of its own may run in it until the process ends.
 */
public final class SharedLibrary {
    /** The stand-in libraries for machines without a GPU export it, and nothing else does. */
    private static final String SIMULATION = "neurontp_simulation";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final int RTLD_LAZY = 1;
    private static final MethodHandle DLOPEN =
            ofC("dlopen", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle DLSYM =
            ofC("dlsym", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle DLERROR = ofC("dlerror", FunctionDescriptor.of(ValueLayout.ADDRESS));

    private final String name;
    private final MemorySegment handle;

    private SharedLibrary(String name, MemorySegment handle) {
        this.name = name;
        this.handle = handle;
    }

    /** The loader could not open it. The message is the loader's. */
    public static final class NotOpenedException extends Exception {
        private static final long serialVersionUID = 1;

        NotOpenedException(String message) {
            super(message);
        }
    }

    /**
     * Opens a library, by a path or by a name that the loader looks up.
     *
     * @throws NotOpenedException with what the loader said
     */
    public static SharedLibrary open(String name) throws NotOpenedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(name);
            MemorySegment handle = Native.call(() -> (MemorySegment) DLOPEN.invokeExact(path, RTLD_LAZY));
            if (handle.address() == 0) {
                MemorySegment why = Native.call(() -> (MemorySegment) DLERROR.invokeExact());
                throw new NotOpenedException(why.address() == 0 ? name + ": unknown" : Native.text(why));
            }
            return new SharedLibrary(name, handle);
        }
    }

    /** As it was opened: a path, or the name that the loader looked up. */
    public String name() {
        return name;
    }

    /** Whether it is a stand-in, so that what comes of it says nothing about hardware. */
    public boolean isSimulated() {
        return find(SIMULATION).isPresent();
    }

    /** What stands behind its version number wherever a person may read that: a stand-in's looks real. */
    public String simulationMark() {
        return isSimulated() ? " (SIMULATION)" : "";
    }

    private Optional<MemorySegment> find(String symbol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(symbol);
            MemorySegment address = Native.call(() -> (MemorySegment) DLSYM.invokeExact(handle, text));
            return address.address() == 0 ? Optional.empty() : Optional.of(address);
        }
    }

    /** A handle on the function, or empty where the library has none of that name. */
    @SuppressWarnings("restricted") // the launcher allows native access
    public Optional<MethodHandle> function(String symbol, FunctionDescriptor type) {
        return find(symbol).map(address -> LINKER.downcallHandle(address, type));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle ofC(String symbol, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(symbol), type);
    }
}
