package dev.neurontp.worker.library;

import java.lang.foreign.MemorySegment;

/** Calls into native code. */
public final class Native {
    private static final long MAX_TEXT_BYTES = 16_384;

    private Native() {}

    /** A method handle's call; a handle declares Throwable, and a downcall throws no checked one. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws Throwable;
    }

    /** Makes the call; what it throws is unchecked. */
    public static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call threw a checked exception", e);
        }
    }

    /** A C string that native code returned; empty for a null pointer. */
    @SuppressWarnings("restricted") // a pointer from C says nothing of its length
    public static String text(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(MAX_TEXT_BYTES).getString(0);
    }
}
