package dev.neurontp.conformance.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void aLineThatCannotBeSeenIsSaidInWords() {
        assertThat(Printable.line(new byte[0])).isEqualTo("(an empty line)");
        assertThat(Printable.line(" \t\r".getBytes(UTF_8))).isEqualTo("(a blank line of the bytes 20 09 0d)");
        assertThat(Printable.line("{}".getBytes(UTF_8))).isEqualTo("{}");
    }

    @Test
    void aLetterThatLooksLikeAnotherIsSpelledOutInWhatIsSentAndNotInWhatIsSaid() {
        byte[] cyrillic = "{\"\u043ep\":1}".getBytes(UTF_8);
        assertThat(Printable.bytes(cyrillic)).isEqualTo("{\"<U+043E>p\":1}");
        assertThat(Printable.words("n\u00e4her\u0007".getBytes(UTF_8))).isEqualTo("n\u00e4her<U+0007>");
    }

    @Test
    void rawBytesAreToldFromEscapes() {
        assertThat(Printable.bytes(new byte[] {'"', (byte) 0xff, '"'}))
                .isEqualTo("\"\\xff\" (not UTF-8: \\x.. are raw bytes)");
        assertThat(Printable.bytes("\"\\ud800\"".getBytes(UTF_8))).isEqualTo("\"\\ud800\"");
    }

    @Test
    void inTextOfSeveralLinesOnlyLineEndsStayAsTheyAre() {
        assertThat(Printable.lines("a\u001b[31mb\u0007\nc\u202e\u2028d\u00e4"))
                .isEqualTo("a<U+001B>[31mb<U+0007>\nc<U+202E><U+2028>d\u00e4");
    }

    /** A tower of marks would be drawn over the lines above and below it. */
    @Test
    void aLetterBearsAFewMarksAndTheOthersAreSpelledOut() {
        String eight = "Z" + "\u0335".repeat(8);
        assertThat(Printable.words((eight + "\u0335\u0336a" + eight).getBytes(UTF_8)))
                .isEqualTo(eight + "<U+0335><U+0336>a" + eight);
    }
}
