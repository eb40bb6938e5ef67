package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartTurnsTest {
    private static final int STARTS = 40;
    /** Of a host so busy that a start or two are taken for ones that hang. */
    private static final int FEW = 4;

    private final StartTurns turns = new StartTurns();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void whoPassesOneThatHangsDoesSoOneAtATime() throws Exception {
        try (StartTurns.Turn _ = turns.take()) {
            List<FutureTask<Integer>> all = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                FutureTask<Integer> task = new FutureTask<>(this::slowStart);
                all.add(task);
                Thread.ofVirtual().start(task);
            }
            for (FutureTask<Integer> each : all) {
                assertThat(each.get()).isZero();
            }
        }
        assertThat(most.get()).isBetween(1, FEW);
    }

    private int slowStart() throws Exception {
        try (StartTurns.Turn _ = turns.take()) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            int exit = new ProcessBuilder("sleep", "0.05").start().waitFor();
            running.decrementAndGet();
            return exit;
        }
    }
}
