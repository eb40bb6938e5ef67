package dev.neurontp.harness.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(60);

    private final AtomicLong clock = new AtomicLong();
    private final Deadline deadline = Deadline.in(LIMIT, clock::get);

    @Test
    void aWaitThatNothingComesOfEndsWithTheDeadline() throws Exception {
        assertThat(deadline.await(this::pass)).isFalse();
        assertThat(clock.get()).isEqualTo(LIMIT.toNanos());
        assertThat(deadline.expired()).isTrue();
    }

    @Test
    void whereTheDeadlineHasPassedItIsLookedOnce() throws Exception {
        clock.addAndGet(LIMIT.toNanos());
        assertThat(deadline.await(_ -> true)).isTrue();
    }

    @Test
    void timeInWhichTheProcessStoodStillDoesNotCount() throws Exception {
        assertThat(deadline.await(nanos -> stoodStill() || pass(nanos))).isFalse();
        assertThat(clock.get())
                .isBetween(
                        PAUSE.plus(LIMIT).toNanos(),
                        PAUSE.plus(LIMIT).plusSeconds(1).toNanos());
        assertThat(deadline.elapsed().toNanos()).isEqualTo(clock.get());
    }

    @Test
    void norForWhatItIsAStepOf() throws Exception {
        Deadline step = deadline.within(Duration.ofSeconds(2));
        assertThat(step.await(nanos -> stoodStill() || pass(nanos))).isFalse();
        assertThat(Duration.ofNanos(deadline.remainingNanos())).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
        assertThat(step.again(LIMIT).remainingNanos()).isEqualTo(LIMIT.toNanos());
    }

    /** The others look all the while: one pause is no more than that. */
    @Test
    void onePauseCountsOnceForAllWhoWait() throws Exception {
        assertThat(deadline.await(nanos -> {
                    stoodStill();
                    deadline.within(LIMIT).await(_ -> true);
                    return pass(nanos);
                }))
                .isFalse();
        assertThat(clock.get())
                .isLessThanOrEqualTo(PAUSE.plus(LIMIT).plusSeconds(1).toNanos());
    }

    /** What is done meanwhile may take long, and nobody looks. */
    @Test
    void timeInWhichNobodyWaitsCounts() throws Exception {
        deadline.await(_ -> true);
        clock.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(Duration.ofNanos(deadline.remainingNanos())).isEqualTo(Duration.ofSeconds(1));
        deadline.await(_ -> true);
        assertThat(Duration.ofNanos(deadline.remainingNanos())).isEqualTo(Duration.ofSeconds(1));
    }

    private boolean pass(long nanos) {
        clock.addAndGet(nanos);
        return false;
    }

    /** Once. */
    private boolean stoodStill() {
        if (clock.get() < PAUSE.toNanos()) {
            clock.addAndGet(PAUSE.toNanos());
        }
        return false;
    }
}
