package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineBoundInputTest {
    @Test
    void blankLinesPassWhereSomethingElseComesBetween() throws IOException {
        String blanks = "\t\n \r\n";
        InputStream in = bounded(blanks + "x\n" + blanks);
        for (int read : new int[] {5, 2, 5}) {
            assertThat(in.readNBytes(new byte[read], 0, read)).isEqualTo(read);
        }
    }

    @Test
    void blankLinesWithoutEndEndTheStream() {
        InputStream in = bounded("x\n\n\n\n\n\n\n\n");
        assertThatCode(() -> in.readNBytes(2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> in.readNBytes(6))
                .isInstanceOf(LineBoundInput.BlankFlood.class)
                .hasMessageStartingWith("it has sent 6 bytes of blank lines and nothing else");
    }

    @Test
    void linesWithinTheBoundPass() throws Exception {
        assertThat(bounded("12345\n12345\n1234").readAllBytes()).hasSize(16);
    }

    @Test
    void aLineBeyondTheBoundEndsTheStreamAtOnce() {
        assertThatThrownBy(() -> bounded("12345\n123456").readAllBytes())
                .isInstanceOf(LineBoundInput.LineTooLong.class)
                .hasMessage("it sent 6 bytes without a line break: a frame of at most 5 bytes is taken (F8)");
    }

    @Test
    void theCountRunsOnOverReads() throws Exception {
        InputStream in = bounded("1\n12345x");
        assertThat(in.read(new byte[4], 0, 4)).isEqualTo(4);
        assertThat(in.read(new byte[3], 0, 3)).isEqualTo(3);
        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }

    private static InputStream bounded(String text) {
        return new LineBoundInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), 5);
    }
}
