package dev.neurontp.worker.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What is read of a C string that a library returns. */
class NativeTest {
    private static final int LONGEST = 16_384;

    @Test
    void itEndsBeforeItsNul() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Native.text(arena.allocateFrom("größer"))).isEqualTo("größer");
            assertThat(Native.text(arena.allocateFrom(""))).isEmpty();
            assertThat(Native.text(arena.allocateFrom("x".repeat(LONGEST - 1)))).hasSize(LONGEST - 1);
        }
        assertThat(Native.text(MemorySegment.NULL)).isEmpty();
    }

    @Test
    void aLongerOneIsCut() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST + 1L);
            MemorySegment.copy("x".repeat(LONGEST + 1).getBytes(UTF_8), 0, text, ValueLayout.JAVA_BYTE, 0, LONGEST + 1);
            assertThat(Native.text(text)).isEqualTo("x".repeat(LONGEST) + "…");
        }
    }
}
