package dev.neurontp.gpu.sim;

import java.lang.foreign.Arena;

/** A variable of this process's environment as C sees it, for as long as this is open. */
final class Environment implements AutoCloseable {
    private static final NativeLibrary LIBC = NativeLibrary.ofProcess();

    private final String name;

    private Environment(String name) {
        this.name = name;
    }

    static Environment with(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            LIBC.call("setenv", arena.allocateFrom(name), arena.allocateFrom(value), 1);
        }
        return new Environment(name);
    }

    static Environment withFault(String fault) {
        return with("NEURONTP_SIM_FAULT", fault);
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            LIBC.call("unsetenv", arena.allocateFrom(name));
        }
    }
}
