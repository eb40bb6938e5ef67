package dev.neurontp.harness.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void timesAreSaidAsPeopleReadThem() {
        assertThat(Durations.time(Duration.ofNanos(345_678))).isEqualTo("0.35 ms");
        assertThat(Durations.time(Duration.ofMillis(12))).isEqualTo("12 ms");
        assertThat(Durations.time(Duration.ofMillis(4_230))).isEqualTo("4.2 s");
        assertThat(Durations.time(Duration.ofMinutes(2))).isEqualTo("120 s");
    }

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
        assertThat(Durations.span(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"0.414,0.41 ms", "58.04,58.0 ms", "1000,1.00 s", "61234,61.23 s"})
    void millisecondsHaveAsManyDigitsAsMeanSomething(double millis, String words) {
        assertThat(Durations.measured(millis)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "2m,120000", "1h,3600000", "90s,90000", "1500ms,1500", "0ms,0"})
    void whatIsWrittenIsReadAgain(String text, long millis) {
        assertThat(Durations.parse(text)).contains(Duration.ofMillis(millis));
        assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "1 s", "30S", "PT30S"})
    void whatIsNoWholeNumberWithAUnitIsNotRead(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void aDurationBeyondNanosecondsHasWordsToo() {
        assertThat(Durations.parse("0".repeat(40) + "30s")).contains(Duration.ofSeconds(30));
        Duration endless = Durations.parse("9".repeat(4000) + "h").orElseThrow();
        assertThat(endless).isEqualTo(Durations.parse("999999999h").orElseThrow());
        assertThat(Durations.time(endless)).isEqualTo("3599999996400 s");
        assertThat(Durations.measured(endless)).isEqualTo("3599999996400.00 s");
    }
}
