package dev.neurontp.harness.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void timesAreSaidAsPeopleReadThem() {
        assertThat(Durations.time(Duration.ofNanos(345_678))).isEqualTo("0.35 ms");
        assertThat(Durations.time(Duration.ofMillis(12))).isEqualTo("12 ms");
        assertThat(Durations.time(Duration.ofMillis(4_230))).isEqualTo("4.2 s");
        assertThat(Durations.time(Duration.ofMinutes(2))).isEqualTo("120 s");
    }
}
