package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many starts that want to begin at the same moment, and take longer in all than one that hangs is waited for. */
@Timeout(60)
class DescriptorRoomTest {
    private static final int STARTS = 40;
    /** Of a host so busy that a start or two are taken for ones that hang. */
    private static final int FEW = 4;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void onlyWhoHangsIsPassedHoweverManyWait() throws Exception {
        for (FutureTask<Integer> each : startAtOnce()) {
            assertThat(each.get()).isZero();
        }
        assertThat(most.get()).isBetween(1, FEW);
    }

    @Test
    void whoPassesOneThatHangsDoesSoOneAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        FutureTask<Integer> hung = inThread(() -> {
            begun.countDown();
            await(end);
            return 0;
        });
        begun.await();
        for (FutureTask<Integer> each : startAtOnce()) {
            assertThat(each.get()).isZero();
        }
        assertThat(hung.isDone()).isFalse();
        assertThat(most.get()).isBetween(1, FEW);
        end.countDown();
        assertThat(hung.get()).isZero();
    }

    @Test
    void allThatHangAreBegunAll() throws Exception {
        CountDownLatch allHang = new CountDownLatch(FEW);
        List<FutureTask<Integer>> hung = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            hung.add(inThread(() -> {
                allHang.countDown();
                await(allHang);
                return 0;
            }));
        }
        for (FutureTask<Integer> each : hung) {
            assertThat(each.get()).isZero();
        }
    }

    private List<FutureTask<Integer>> startAtOnce() {
        List<FutureTask<Integer>> all = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            all.add(inThread(this::slowStart));
        }
        return all;
    }

    private int slowStart() throws IOException {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        try {
            return new ProcessBuilder("sleep", "0.05").start().waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            running.decrementAndGet();
        }
    }

    private static FutureTask<Integer> inThread(DescriptorRoom.Start<Integer> start) {
        FutureTask<Integer> task = new FutureTask<>(() -> DescriptorRoom.withRoom("sleep", start));
        Thread.ofVirtual().start(task);
        return task;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
