package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An abort that takes its time, and others who come meanwhile. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedAbortTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private final BoundedAbort abort = new BoundedAbort(
            () -> {
                if (calls.incrementAndGet() == 1) {
                    begun.countDown();
                    released.await();
                }
            },
            0);

    @BeforeEach
    void anAbortRuns() throws InterruptedException {
        Thread.ofVirtual().start(() -> abort.within(LONG));
        begun.await();
    }

    @AfterEach
    void release() {
        released.countDown();
    }

    @Test
    void whoAbortsMeanwhileWaitsForTheFirstAbort() throws InterruptedException {
        Thread second = Thread.ofVirtual().start(() -> abort.within(LONG));
        assertThat(second.join(MOMENT)).isFalse();

        released.countDown();

        assertThat(second.join(LONG)).isTrue();
        assertThat(abort.within(LONG)).isEmpty();
        assertThat(calls).hasValue(1);
    }

    @Test
    void nothingIsFreedUnderAnAbortThatRuns() throws InterruptedException {
        Thread leaving = Thread.ofVirtual().start(abort::awaitEnd);
        assertThat(leaving.join(MOMENT)).isFalse();

        released.countDown();

        assertThat(leaving.join(LONG)).isTrue();
    }
}
