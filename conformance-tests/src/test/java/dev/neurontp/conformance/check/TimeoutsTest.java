package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeoutsTest {

    /** Nine that start at once on one CPU take nine times as long as the first did alone. */
    @ParameterizedTest
    @CsvSource({"1, 38", "2, 38", "9, 136"})
    void aStartGetsMoreTimeWhereMoreProcessesRun(int running, int seconds) {
        Timeouts timeouts = Timeouts.of(Duration.ofSeconds(10), Duration.ofSeconds(7), () -> running);
        assertThat(timeouts.start()).isEqualTo(Duration.ofSeconds(seconds));
    }
}
