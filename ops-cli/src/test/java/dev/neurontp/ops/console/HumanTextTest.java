package dev.neurontp.ops.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTextTest {
    @ParameterizedTest
    @CsvSource({
        "-5,0 s",
        "0,0 s",
        "59,59 s",
        "60,1 min 0 s",
        "599,9 min 59 s",
        "600,10 min",
        "3599,59 min",
        "3600,1 h 0 min",
        "86399,23 h 59 min",
        "90000,1 d 1 h"
    })
    void aSpanHasItsTwoLargestUnits(long seconds, String words) {
        assertThat(HumanText.span(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0.414,0.41 ms", "58.04,58.0 ms", "1000,1.00 s", "61234,61.23 s"})
    void millisecondsHaveAsManyDigitsAsMeanSomething(double millis, String words) {
        assertThat(HumanText.millis(millis)).isEqualTo(words);
    }

    @Test
    void whatSteersATerminalDoesNotReachIt() {
        assertThat(HumanText.plain("a\u001b[31mb\rc\u0007\td\u202ee\u009b")).isEqualTo("a?[31mb?c? d?e?");
    }

    @Test
    void foreignLettersStay() {
        assertThat(HumanText.plain("für 東京 🚀")).isEqualTo("für 東京 🚀");
    }
}
