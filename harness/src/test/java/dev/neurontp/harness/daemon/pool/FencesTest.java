package dev.neurontp.harness.daemon.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.worker.Communicators;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks may share a device: it is free when the last of them has ended. */
class FencesTest {
    private final Fences fences = new Fences(Clock.systemUTC());
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        started.forEach(Process::destroyForcibly);
    }

    private Process stuck() throws IOException {
        started.add(new ProcessBuilder("sleep", "1000").start());
        return started.getLast();
    }

    private static Fence.ByProcess fence(int rank, Process process) {
        Remains remains = Remains.of(List.of(ProcessIdentity.of(process.pid()).orElseThrow()));
        return new Fence.ByProcess("abc", rank, Slot.here(0), remains, "was lost");
    }

    private static PlacedRank placed(int rank, Instant until) {
        return PlacedRank.starting(
                        "abc", rank, "far", "", "", 0, true, Duration.ofSeconds(10), Optional.empty(), Optional.empty())
                .until(until);
    }

    private Optional<Integer> rankBefore() throws InterruptedException {
        fences.look();
        return fences.before(new PoolPlan(
                        Optional.empty(),
                        Map.of(),
                        1,
                        List.of(0L),
                        true,
                        RestartPolicy.NEVER,
                        Communicators.named("the communicator", "nccl"),
                        List.of(),
                        true,
                        Optional.empty(),
                        Deadlines.DEFAULT))
                .map(Fence::rank);
    }

    @Test
    void theEndOfOneLeavesThatOfTheOther() throws Exception {
        Process first = stuck();
        Process second = stuck();
        fences.addProcesses(List.of(fence(0, first)));
        fences.addProcesses(List.of(fence(1, second)));
        second.destroyForcibly().waitFor();
        assertThat(rankBefore()).contains(0);
        first.destroyForcibly().waitFor();
        assertThat(rankBefore()).isEmpty();
    }

    @Test
    void theProofOfOneLeavesTheLeaseOfTheOther() throws Exception {
        Instant until = Instant.now().plusSeconds(3600);
        PlacedRank first = placed(0, until);
        PlacedRank second = placed(1, until);
        fences.add(List.of(first, second));
        fences.remove(List.of(second));
        assertThat(rankBefore()).contains(0);
        fences.remove(List.of(first));
        assertThat(rankBefore()).isEmpty();
    }

    /** An address that was set since, two names of one machine, and a file of an earlier version, which has no machine. */
    @Test
    void aDeviceIsTheSameByItsNameOrByItsMachine() {
        Slot lost = new Slot("gpu-1", "gpu-1", 4);
        assertThat(lost.isSame(new Slot("gpu-1", "10.0.0.1", 4))).isTrue();
        assertThat(lost.isSame(new Slot("alias", "gpu-1", 4))).isTrue();
        assertThat(lost.isSame(new Slot("gpu-1", "gpu-1", 5))).isFalse();
        assertThat(lost.isSame(new Slot("gpu-2", "10.0.0.2", 4))).isFalse();
        assertThat(new Slot("x", "", 4).isSame(Slot.here(4))).isTrue();
        assertThat(lost.isSame(Slot.here(4))).isFalse();
    }

    /** As one that stands in a driver with its memory locked: whoever reads its environment waits. */
    private static Fence.ByProcess hung(CountDownLatch answer) {
        Remains remains = new Remains(List.of(), Optional.of(_ -> {
            awaitQuietly(answer);
            return List.of();
        }));
        return new Fence.ByProcess("abc", 7, Slot.here(7), remains, "was lost");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Timeout(60)
    void aLookThatHangsKeepsNoLeaseThatIsOverAndIsToldOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Queue<LogRecord> told = new ConcurrentLinkedQueue<>();
        Logger log = Logger.getLogger(Fences.class.getName());
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line);
            }
        };
        log.addHandler(handler);
        try {
            fences.addProcesses(List.of(hung(answer)));
            fences.add(List.of(placed(0, Instant.now())));
            assertThat(rankBefore()).isEmpty();
            assertThat(rankBefore()).isEmpty();
            assertThat(told).hasSize(1);
        } finally {
            log.removeHandler(handler);
            answer.countDown();
        }
    }

    @Test
    void theLongestIsNamed() throws Exception {
        Instant now = Instant.now();
        fences.add(List.of(placed(0, now.plusSeconds(60)), placed(1, now.plusSeconds(3600)), placed(2, now)));
        assertThat(rankBefore()).contains(1);
        fences.addProcesses(List.of(fence(3, stuck())));
        assertThat(rankBefore()).contains(3);
    }
}
