package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that cannot be made, on a host at a limit: JUnit gives up all tests of a build where one throws an OutOfMemoryError. */
@Timeout(60)
class SharedRunTest {
    private static final Duration BOUND = Duration.ofMinutes(11);

    /** No host has room for such a stack: the start fails as at a limit on threads. */
    private static final ThreadFactory NO_THREADS =
            Thread.ofPlatform().daemon().stackSize(1L << 50).factory();

    private static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

    @Test
    void withoutAThreadForItEachTestFailsAtOnce() {
        SharedRun run = new SharedRun(() -> null, _ -> {}, BOUND, NO_THREADS);
        for (int test = 0; test < 10; test++) {
            failsFor(run, "unable to create native thread");
        }
    }

    @Test
    void whatTheRunLacksFailsEachTestToo() {
        Supplier<ConformanceRun> maker = () -> {
            throw new OutOfMemoryError("no heap");
        };
        SharedRun run = new SharedRun(maker, _ -> {}, BOUND, THREADS);
        failsFor(run, "no heap");
        failsFor(run, "no heap");
    }

    /** As where a test is interrupted while the known failures are read. */
    @Test
    void aStopBeforeTheRunIsMadeEndsIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch made = new CountDownLatch(1);
        CompletableFuture<RunReport> told = new CompletableFuture<>();
        Supplier<ConformanceRun> maker = () -> {
            asked.countDown();
            await(made);
            return new ConformanceRun(RunOptions.of(List.of("sleep", "30"), 1), Listener.NONE);
        };
        SharedRun run = new SharedRun(maker, told::complete, BOUND, THREADS);
        Thread test = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(run::report).isInstanceOf(InterruptedException.class));
        asked.await();
        test.interrupt();
        test.join();
        made.countDown();
        assertThat(told.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(told.get().processes()).as("no worker was started").isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void failsFor(SharedRun run, String reason) {
        assertThatThrownBy(run::report)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the suite could not run here, which says nothing of the worker: ")
                .hasMessageContaining(reason);
    }
}
