package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkGroupTest {
    private static final long LIMIT_MILLIS = 5000;

    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger looks = new AtomicInteger();
    private final LinkGroup group = new LinkGroup();
    private final WaitBound bound = WaitBound.of("all_reduce", LIMIT_MILLIS, clock::get);

    /** As all ranks of a host that is paused. */
    @Test
    void timeInWhichTheRankStoodStillIsNotTheOthersDelay() throws Exception {
        group.await(() -> isThirdLookAfter(60), bound, () -> "");
    }

    @Test
    void timeInWhichItRanCounts() {
        assertThatThrownBy(() -> group.await(() -> passes(1), bound, () -> ": nothing came from rank 2"))
                .hasMessage(
                        "timed out waiting for the other ranks in all_reduce, 5.0 s are allowed: nothing came from rank 2");
    }

    private boolean isThirdLookAfter(long seconds) {
        int look = looks.incrementAndGet();
        return look == 3 || (look == 2 && passes(seconds));
    }

    private boolean passes(long seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
        return false;
    }
}
