package dev.neurontp.conformance.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShowTest {
    @Test
    void aLineThatCannotBeSeenIsSaidInWords() {
        assertThat(Show.line(new byte[0])).isEqualTo("(an empty line)");
        assertThat(Show.line(" \t\r".getBytes(UTF_8))).isEqualTo("(a blank line of the bytes 20 09 0d)");
        assertThat(Show.line("{}".getBytes(UTF_8))).isEqualTo("{}");
    }

    @Test
    void aLetterThatLooksLikeAnotherIsSpelledOutInWhatIsSentAndNotInWhatIsSaid() {
        byte[] cyrillic = "{\"\u043ep\":1}".getBytes(UTF_8);
        assertThat(Show.bytes(cyrillic)).isEqualTo("{\"<U+043E>p\":1}");
        assertThat(Show.words("n\u00e4her\u0007".getBytes(UTF_8))).isEqualTo("n\u00e4her<U+0007>");
    }

    @Test
    void rawBytesAreToldFromEscapes() {
        assertThat(Show.bytes(new byte[] {'"', (byte) 0xff, '"'}))
                .isEqualTo("\"\\xff\" (not UTF-8: \\x.. are raw bytes)");
        assertThat(Show.bytes("\"\\ud800\"".getBytes(UTF_8))).isEqualTo("\"\\ud800\"");
    }
}
