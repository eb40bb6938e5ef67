package dev.neurontp.conformance.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.ConformanceRun;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
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

    private static void failsFor(SharedRun run, String reason) {
        assertThatThrownBy(run::report)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the suite could not run here, which says nothing of the worker: ")
                .hasMessageContaining(reason);
    }
}
