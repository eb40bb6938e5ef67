package dev.neurontp.worker.library;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;

/** Calls into native code. */
public final class Native {
    private static final int MAX_TEXT_BYTES = 16_384;
    private static final String CUT = "…";

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

    /** A C string that native code returned: its first 16384 bytes, and {@code …} where no NUL is among them; empty for a null pointer. */
    @SuppressWarnings("restricted") // a pointer from C says nothing of its length
    public static String text(MemorySegment pointer) {
        if (pointer.address() == 0) {
            return "";
        }
        MemorySegment text = pointer.reinterpret(MAX_TEXT_BYTES);
        int length = 0;
        while (length < MAX_TEXT_BYTES && text.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        String read = new String(text.asSlice(0, length).toArray(JAVA_BYTE), UTF_8);
        return length < MAX_TEXT_BYTES ? read : read + CUT;
    }
}
