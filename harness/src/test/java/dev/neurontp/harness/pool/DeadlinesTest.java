package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.time.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    @Test
    void anInnerDeadlineNeverExceedsItsOuterOne() {
        assertThatThrownBy(() -> Deadlines.DEFAULT.withPing(Duration.ofSeconds(31)))
                .hasMessage("the deadline 'ping' is 31 s and lies inside 'ready', which is 30 s: "
                        + "make the first shorter or the second longer");
        assertThatThrownBy(() -> Deadlines.DEFAULT.withSanity(Duration.ofSeconds(121)))
                .hasMessageContaining("'sanity' is 121 s and lies inside 'init', which is 120 s");
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Deadlines(second, second, second, second, second, second, second, second))
                .hasMessageContaining("'bye + sigterm + sigkill' is 3 s and lies inside 'stop', which is 1 s");
    }

    @Test
    void aDeadlineIsPositiveAndAtMostADay() {
        assertThatThrownBy(() -> Deadlines.DEFAULT.withReady(Duration.ZERO))
                .hasMessage("the deadline 'ready' is 0.00 ms: it must be more than 0 and at most a day");
        assertThatThrownBy(() -> Deadlines.DEFAULT.withInit(Duration.ofSeconds(-1)))
                .hasMessageContaining("'init' is -1 s");
        assertThatThrownBy(() -> Deadlines.DEFAULT.withInit(Duration.ofHours(25)))
                .hasMessageContaining("'init' is 90000 s");
    }

    @Test
    void theStepsOfAnEndAddUp() {
        Deadlines deadlines =
                Deadlines.DEFAULT.withEnd(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(deadlines.stop()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aStepTakesNoMoreThanIsLeft() {
        Deadline outer = Deadline.in(Duration.ofMillis(100));
        assertThat(outer.within(Duration.ofSeconds(9)).limit()).isLessThanOrEqualTo(Duration.ofMillis(100));
        assertThat(outer.within(Duration.ofNanos(1)).limit()).isEqualTo(Duration.ofNanos(1));
        assertThat(Deadline.in(Duration.ZERO).expired()).isTrue();
    }
}
