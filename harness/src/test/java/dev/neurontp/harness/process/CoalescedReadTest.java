package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class CoalescedReadTest {
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void eachReadThatBeginsAfterTheOtherHasEndedIsItsOwn() {
        CoalescedRead<Integer> coalesced = new CoalescedRead<>(reads::incrementAndGet);
        assertThat(coalesced.get()).isEqualTo(1);
        assertThat(coalesced.get()).isEqualTo(2);
    }

    @Test
    void thoseWhoAskDuringAReadShareTheNextOneAndNotThatOne() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CoalescedRead<Integer> coalesced = new CoalescedRead<>(() -> {
            reading.countDown();
            await(release);
            return reads.incrementAndGet();
        });
        FutureTask<Integer> first = new FutureTask<>(coalesced::get);
        Thread.ofPlatform().daemon().start(first);
        await(reading);
        List<FutureTask<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            FutureTask<Integer> other = new FutureTask<>(coalesced::get);
            others.add(other);
            Thread thread = Thread.ofPlatform().daemon().start(other);
            Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        }
        release.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        for (FutureTask<Integer> other : others) {
            assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(2);
        }
        assertThat(reads).hasValue(2);
        assertThat(coalesced.get()).isEqualTo(3);
    }

    @Test
    void aReadThatFailsIsSharedWithNobody() {
        CoalescedRead<Integer> coalesced = new CoalescedRead<>(() -> {
            if (reads.incrementAndGet() == 1) {
                throw new IllegalStateException("the first fails");
            }
            return reads.get();
        });
        assertThatThrownBy(coalesced::get).hasMessage("the first fails");
        assertThat(coalesced.get()).isEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
