package dev.neurontp.harness.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How often a pool is restarted by itself. */
class RestartHistoryTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void theFifthInTenMinutesIsTooMany() {
        // The clock of a JVM may begin below zero.
        long start = Long.MAX_VALUE - MINUTE;
        RestartHistory history = RestartHistory.NONE;
        for (int i = 0; i < 4; i++) {
            history = history.byItself("k3vd7q2m", start + i * MINUTE).orElseThrow();
        }
        assertThat(history.count()).isEqualTo(4);
        assertThat(history.byItself("k3vd7q2m", start + 10 * MINUTE - 1)).isEmpty();
        RestartHistory fifth = history.byItself("k3vd7q2m", start + 10 * MINUTE).orElseThrow();
        assertThat(fifth.count()).isEqualTo(5);
        assertThat(fifth.byItself("k3vd7q2m", start + 11 * MINUTE - 1)).isEmpty();
    }

    @Test
    void whatSomebodyAsksForCountsAndTakesNoneOfThem() {
        RestartHistory history = RestartHistory.NONE;
        for (int i = 0; i < 10; i++) {
            history = history.byHand("k3vd7q2m");
        }
        assertThat(history.count()).isEqualTo(10);
        assertThat(history.byItself("k3vd7q2m", 0)).isPresent();
    }
}
