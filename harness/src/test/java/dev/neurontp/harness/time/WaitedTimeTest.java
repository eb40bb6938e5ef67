package dev.neurontp.harness.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitedTimeTest {
    private static final Duration BOUND = Duration.ofSeconds(10);

    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());
    private final WaitedTime waited = new WaitedTime(now::get);

    private Duration leftAfter(Duration slept) {
        now.addAndGet(slept.toNanos());
        return Duration.ofNanos(waited.left(BOUND));
    }

    @Test
    void aLookInTimeCounts() {
        for (int i = 1; i <= 11; i++) {
            assertThat(leftAfter(Duration.ofSeconds(1))).isEqualTo(BOUND.minusSeconds(i));
        }
    }

    @Test
    void aLookThatComesALittleLateCountsToo() {
        assertThat(leftAfter(Duration.ofSeconds(2))).isEqualTo(BOUND.minusSeconds(2));
    }

    @Test
    void aLookThatComesMuchTooLateBeginsAnew() {
        assertThat(leftAfter(Duration.ofSeconds(2))).isEqualTo(BOUND.minusSeconds(2));
        assertThat(leftAfter(Duration.ofHours(1))).isEqualTo(BOUND);
        assertThat(leftAfter(Duration.ofSeconds(1))).isEqualTo(BOUND.minusSeconds(1));
    }

    @Test
    void whatComesBeginsAnew() {
        leftAfter(Duration.ofSeconds(2));
        waited.startAnew();
        assertThat(leftAfter(Duration.ofSeconds(1))).isEqualTo(BOUND.minusSeconds(1));
    }

    @Test
    void theNextLookIsNeverFarAway() {
        assertThat(waited.toNextLook(BOUND)).isEqualTo(WaitedTime.STEP.toNanos());
        assertThat(waited.toNextLook(Duration.ofMillis(3)))
                .isEqualTo(Duration.ofMillis(3).toNanos());
    }
}
