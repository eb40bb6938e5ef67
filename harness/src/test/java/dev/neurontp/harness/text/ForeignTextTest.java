package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignTextTest {
    @ParameterizedTest
    @CsvSource({
        "001b", "0007", "0000", "000d", "007f", "0085", "009b", "00ad", "200b", "200e", "202e", "2066", "2028", "2029",
        "feff", "fffb", "e0041", "d800", "dc00"
    })
    void whatDrivesATerminalOrBreaksALineIsReplaced(String codePoint) {
        String nasty = Character.toString(Integer.parseInt(codePoint, 16));
        assertThat(ForeignText.of("a" + nasty + "b")).isEqualTo("a?b");
        assertThat(ForeignText.lines("a" + nasty + "b", 100)).isEqualTo("a?b");
    }

    @Test
    void lineFeedsAreShownOrStay() {
        assertThat(ForeignText.of("one\r\ntwo\nthree\tfour", 100)).isEqualTo("one\\ntwo\\nthree four");
        assertThat(ForeignText.lines("one\r\ntwo\nthree\tfour", 100)).isEqualTo("one\ntwo\nthree four");
    }

    @Test
    void lettersOfAllLanguagesStay() {
        String text = "für 東京 🚀 e\u0301";
        assertThat(ForeignText.of(text, 100)).isSameAs(text);
    }

    /** A tower of marks would be drawn over the lines above and below it, in a terminal and in a browser. */
    @Test
    void aLetterBearsAFewMarksAndNoTower() {
        String eight = "Z" + "\u0335".repeat(8);
        assertThat(ForeignText.of(eight + "a" + eight)).isEqualTo(eight + "a" + eight);
        assertThat(ForeignText.of(eight + "\u0335\u20dd\ufe0fa" + eight)).isEqualTo(eight + "???a" + eight);
        assertThat(ForeignText.lines("\u0335".repeat(3000), 100)).isEqualTo("\u0335".repeat(8) + "?".repeat(92) + "…");
    }

    @Test
    void whatIsTooLongIsCutBetweenTwoCharacters() {
        assertThat(ForeignText.of("x".repeat(14_000_000), 100))
                .hasSize(101)
                .startsWith("xxx")
                .endsWith("…");
        assertThat(ForeignText.of("ab🚀", 3)).isEqualTo("ab…");
        assertThat(ForeignText.of("ab\n", 3)).isEqualTo("ab…");
        assertThat(ForeignText.of("abc", 3)).isEqualTo("abc");
    }

    @Test
    void whatADaemonsWordsWouldDoToATerminalIsReplaced() {
        assertThat(ForeignText.of("a\u001b[31mb\rc\u0007\td\u202ee\u009b")).isEqualTo("a?[31mb?c? d?e?");
    }

    @Test
    void nothingIsEmpty() {
        assertThat(ForeignText.of(null)).isEmpty();
    }

    @Property
    void theResultIsOneCleanLineWithinItsBoundWhateverComes(
            @ForAll String text, @ForAll @IntRange(min = 1, max = 40) int limit) {
        String clean = ForeignText.of(text, limit);
        assertThat(clean.length()).isLessThanOrEqualTo(limit + 1);
        assertThat(clean).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
        assertThat(ForeignText.of(clean, limit + 1)).isEqualTo(clean);
    }
}
