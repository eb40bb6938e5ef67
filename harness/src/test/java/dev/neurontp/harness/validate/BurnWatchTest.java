package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What the counters of a GPU mean when they change in a burn-in. */
class BurnWatchTest {
    private static final List<RankDevice> RANKS = Samples.ranks(2, false);

    /** Readings that were written before. */
    private record Written(Queue<GpuWatch.Reading> readings) implements GpuWatch {
        @Override
        public Reading read(BooleanSupplier stopped) {
            return readings.remove();
        }

        @Override
        public void close() {}
    }

    private static GpuReading gpu(int index, long errors, long temperature, long slowdowns, List<Long> xids) {
        return new GpuReading(
                "GPU-0000000" + index,
                OptionalLong.of(temperature),
                OptionalLong.of(1980),
                OptionalLong.of(slowdowns),
                OptionalLong.of(errors),
                OptionalLong.of(0),
                xids,
                true,
                false);
    }

    private static GpuReading well(int index) {
        return gpu(index, 2, 40, 1, List.of());
    }

    private static GpuWatch.Reading reading(GpuReading... gpus) {
        return new GpuWatch.Reading(List.of(gpus), Optional.empty(), false);
    }

    private static List<CaseResult> results(GpuWatch.Reading... readings) throws InterruptedException {
        BurnWatch watch = new BurnWatch(new Written(new ArrayDeque<>(List.of(readings))), RANKS, () -> false);
        for (int i = 0; i < readings.length; i++) {
            watch.look("after cycle " + i);
        }
        return watch.results();
    }

    private static List<Status> statuses(List<CaseResult> results) {
        List<Status> statuses = new ArrayList<>();
        results.forEach(result -> statuses.add(result.status()));
        return statuses;
    }

    /** Errors of an earlier time are doctor's to find, heat is no fault, and the power cap is usual under load. */
    @Test
    void whatDoesNotGrowIsNoFault() throws InterruptedException {
        List<CaseResult> results = results(
                reading(well(0), well(1)), reading(gpu(0, 2, 70, 4, List.of()), well(1)), reading(well(0), well(1)));
        assertThat(statuses(results)).containsExactly(Status.PASS, Status.PASS);
        assertThat(results.getFirst().reason())
                .contains("3 readings", "temperature 40 -> 40 C, 40 to 70, -30 in the second half");
    }

    @Test
    void moreUncorrectedErrorsFailAndNameTheGpuAndTheCycle() throws InterruptedException {
        List<CaseResult> results = results(reading(well(0), well(1)), reading(well(0), gpu(1, 5, 40, 1, List.of())));
        assertThat(statuses(results)).containsExactly(Status.PASS, Status.FAIL);
        assertThat(results.getLast().evidence().getFirst()).contains("rank 1 (", "GPU-00000001");
        assertThat(results.getLast().reason()).contains("3 more memory errors", "after cycle 1");
    }

    @Test
    void aNewXidFails() throws InterruptedException {
        List<CaseResult> results = results(reading(well(0), well(1)), reading(gpu(0, 2, 40, 1, List.of(79L)), well(1)));
        assertThat(statuses(results)).containsExactly(Status.FAIL, Status.PASS);
        assertThat(results.getFirst().reason()).contains("Xid 79, after cycle 1");
    }

    @Test
    void aSlowdownByTheHardwareWarns() throws InterruptedException {
        List<CaseResult> results = results(
                reading(well(0), well(1)), reading(gpu(0, 2, 91, 0x40, List.of()), well(1)), reading(well(0), well(1)));
        assertThat(statuses(results)).containsExactly(Status.WARN, Status.PASS);
        assertThat(results.getFirst().reason()).contains("slowed down: hardware thermal slowdown, after cycle 1");
    }

    @Test
    void aHostWithoutNvmlIsSkippedWithTheReason() throws InterruptedException {
        BurnWatch watch = new BurnWatch(GpuWatch.none("libnvidia-ml.so.1 is not there"), RANKS, () -> false);
        watch.look("before");
        watch.look("after");
        assertThat(watch.results()).singleElement().satisfies(result -> {
            assertThat(result.status()).isEqualTo(Status.SKIPPED);
            assertThat(result.reason()).contains("libnvidia-ml.so.1 is not there");
        });
    }

    @Test
    void aDriverThatHangsIsTheFinding() throws InterruptedException {
        List<CaseResult> results = results(
                reading(well(0), well(1)),
                new GpuWatch.Reading(List.of(), Optional.of("pid 7 did not answer within 20 s"), true));
        assertThat(statuses(results)).containsExactly(Status.FAIL, Status.PASS, Status.PASS);
        assertThat(results.getFirst().reason()).contains("NVML hangs after cycle 1: pid 7");
    }

    /** Ctrl-C: what was found before is told, and nobody is warned of what was not waited for. */
    @Test
    void aReadingThatTheEndOfTheRunCutsOffIsNoFault() throws InterruptedException {
        AtomicBoolean stopped = new AtomicBoolean();
        Queue<GpuWatch.Reading> readings = new ArrayDeque<>(List.of(
                reading(well(0), well(1)), new GpuWatch.Reading(List.of(), Optional.of("the run was ended"), false)));
        BurnWatch watch = new BurnWatch(new Written(readings), RANKS, stopped::get);
        watch.look("before");
        stopped.set(true);
        watch.look("after cycle 1");
        watch.look("at the end");
        assertThat(statuses(watch.results())).containsExactly(Status.SKIPPED, Status.PASS, Status.PASS);
        assertThat(watch.results().getFirst().reason()).isEqualTo("no reading after cycle 1: the run was ended");
    }

    @Test
    void aGpuThatNvmlDoesNotListIsNotSeen() throws InterruptedException {
        List<CaseResult> results = results(reading(well(0)));
        assertThat(statuses(results)).containsExactly(Status.PASS, Status.SKIPPED);
    }
}
