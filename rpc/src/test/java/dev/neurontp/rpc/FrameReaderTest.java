package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    @Test
    @DisplayName("F3: blank lines are skipped, the last one without LF too")
    void blankLinesAreSkipped() throws IOException {
        assertThat(lines("\n \t\r\n\r\n{}\n\n  ", 100)).containsExactly("{}");
        assertThat(lines("", 100)).isEmpty();
    }

    @Test
    @DisplayName("F3: other blanks are no white space")
    void otherBlanksAreLines() throws IOException {
        assertThat(lines("\u00a0\n\f\n\u0000\n", 100)).hasSize(3);
    }

    @Test
    @DisplayName("F6: a last line without LF counts")
    void aLastLineWithoutLfCounts() throws IOException {
        assertThat(lines("a\nb", 100)).containsExactly("a", "b");
    }

    @Test
    void whiteSpaceAroundALineStaysWithIt() throws IOException {
        assertThat(lines(" a\r\n", 100)).containsExactly(" a\r");
    }

    @Test
    @DisplayName("F8, F9: the bound counts the bytes without LF")
    void theBoundIsExact() throws IOException {
        assertThat(lines("12345\n123456\n12345", 5)).containsExactly("12345", "6 bytes, at most 5", "12345");
        assertThat(lines("123456", 5)).containsExactly("6 bytes, at most 5");
    }

    @Test
    @DisplayName("F8: a frame of 16 MiB is taken by default, and not a byte more")
    void theDefaultBoundIs16MiB() throws IOException {
        int limit = 16 * 1024 * 1024;
        FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes(limit, limit + 1, 3)));

        assertThat(((Frame.Line) reader.next()).bytes()).hasSize(limit);
        assertThat(reader.next()).isEqualTo(new Frame.TooLong(limit + 1, limit));
        assertThat(((Frame.Line) reader.next()).bytes()).hasSize(3);
        assertThat(reader.next()).isNull();
    }

    @Test
    @DisplayName("F9: a line of 1 GiB is read to its end with constant memory, and the next one is served")
    void anOversizedLineCostsNoMemory() throws IOException {
        FrameReader reader = new FrameReader(new Repeated((byte) 'x', 1L << 30, "\n{}\n"), 1024);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThat(reader.next()).isEqualTo(new Frame.TooLong(1L << 30, 1024));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
        assertThat(((Frame.Line) reader.next()).bytes()).asString(UTF_8).isEqualTo("{}");
    }

    @Test
    void aTooLongLineSaysItsLengthAndTheBound() {
        assertThat(new Frame.TooLong(70, 64).toResponse().message())
                .isEqualTo("the line has 70 bytes: a frame of at most 64 bytes is taken");
    }

    @Test
    void aBoundBelowOneByteIsRefused() {
        assertThatThrownBy(() -> new FrameReader(InputStream.nullInputStream(), 0))
                .hasMessageContaining("limit is 0");
    }

    static List<String> lines(String text, int limit) throws IOException {
        return lines(new ByteArrayInputStream(text.getBytes(UTF_8)), limit);
    }

    static List<String> lines(InputStream in, int limit) throws IOException {
        FrameReader reader = new FrameReader(in, limit);
        List<String> lines = new ArrayList<>();
        for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
            lines.add(
                    switch (frame) {
                        case Frame.Line line -> new String(line.bytes(), UTF_8);
                        case Frame.TooLong tooLong -> tooLong.length() + " bytes, at most " + tooLong.limit();
                    });
        }
        return lines;
    }

    private static byte[] bytes(int... lineLengths) {
        byte[] text = new byte[Arrays.stream(lineLengths).sum() + lineLengths.length];
        Arrays.fill(text, (byte) 'x');
        int end = 0;
        for (int length : lineLengths) {
            end += length + 1;
            text[end - 1] = '\n';
        }
        return text;
    }

    /** The same byte {@code count} times, then {@code tail}. */
    private static final class Repeated extends InputStream {
        private final byte value;
        private final InputStream tail;
        private long left;

        Repeated(byte value, long count, String tail) {
            this.value = value;
            this.left = count;
            this.tail = new ByteArrayInputStream(tail.getBytes(UTF_8));
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? value : tail.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left <= 0) {
                return tail.read(buffer, offset, length);
            }
            int count = (int) Math.min(left, length);
            Arrays.fill(buffer, offset, offset + count, value);
            left -= count;
            return count;
        }
    }
}
