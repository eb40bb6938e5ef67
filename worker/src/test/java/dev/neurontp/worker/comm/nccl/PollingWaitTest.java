package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PollingWaitTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration STOOD_STILL = Duration.ofSeconds(60);

    private final AtomicLong clock = new AtomicLong();
    private RankThread thread;

    @BeforeEach
    void start() throws Exception {
        thread = new RankThread("test-rank", clock::get);
    }

    @AfterEach
    void end() {
        thread.end();
    }

    /** As all ranks of a host that is paused: whoever goes on first must not blame the others. */
    @Test
    void timeInWhichTheRankStoodStillIsNotTheOthersDelay() throws Exception {
        assertThat(onThread(() -> {
                    PollingWait wait = newWait();
                    wait.pause();
                    pass(STOOD_STILL);
                    wait.pause();
                    return "goes on";
                }))
                .isEqualTo("goes on");
    }

    @Test
    void timeInWhichItRanCounts() {
        assertThatThrownBy(() -> onThread(() -> {
                    PollingWait wait = newWait();
                    while (true) {
                        pass(Duration.ofSeconds(1));
                        wait.pause();
                    }
                }))
                .isInstanceOf(NcclException.OutOfTime.class)
                .hasMessageStartingWith("timed out waiting for the other ranks, 5.0 s are allowed");
    }

    /** What waits for the thread has gone on before, or goes on after it. */
    @Test
    void aThreadThatStoodStillIsNotStuck() throws Exception {
        assertThat(thread.runSteps(
                        () -> {
                            thread.begin("a step");
                            pass(STOOD_STILL);
                            thread.begin("another");
                            return thread.describe();
                        },
                        LIMIT))
                .isEqualTo("another for 0.0 s");
        assertThat(onThread(() -> {
                    thread.begin("a step");
                    pass(STOOD_STILL);
                    return thread.describe();
                }))
                .isEqualTo("a step for 0.0 s");
    }

    private PollingWait newWait() {
        return new PollingWait("ncclAllReduce", PollingWait.For.OTHER_RANKS, LIMIT, 1, thread, () -> false);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private <T> T onThread(Callable<T> work) throws Exception {
        return thread.run(work, LIMIT.multipliedBy(2));
    }
}
