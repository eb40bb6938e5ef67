package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Watches the GPUs of a group before, during and after a burn-in, and says what came of each. */
final class BurnWatch {
    private final GpuWatch watch;
    private final List<RankDevice> ranks;
    private final BooleanSupplier stopped;
    private final Map<String, GpuCourse> courses = new LinkedHashMap<>();
    private Optional<CaseResult> problem = Optional.empty();
    private boolean seen;

    /**
     * @param stopped whether the run is ended
     */
    BurnWatch(GpuWatch watch, List<RankDevice> ranks, BooleanSupplier stopped) {
        this.watch = watch;
        this.ranks = ranks;
        this.stopped = stopped;
    }

    /**
     * Reads once.
     *
     * @param when such as {@code after cycle 3}
     */
    void look(String when) throws InterruptedException {
        if (problem.isPresent()) {
            return;
        }
        GpuWatch.Reading reading = watch.read(stopped);
        if (reading.problem().isPresent()) {
            Case of = Case.step(Phase.COUNTERS, "all");
            String words = reading.problem().get();
            problem = Optional.of(
                    reading.hung()
                            ? CaseResult.without(of, Status.FAIL, "NVML hangs " + when + ": " + words, List.of())
                            : CaseResult.without(
                                    of,
                                    seen && !stopped.getAsBoolean() ? Status.WARN : Status.SKIPPED,
                                    seen ? "no reading " + when + ": " + words : words,
                                    List.of()));
            return;
        }
        seen = true;
        reading.gpus()
                .forEach(gpu -> courses.computeIfAbsent(gpu.uuid(), uuid -> new GpuCourse())
                        .add(gpu, when));
    }

    /** One result for each rank's GPU, and one where the readings ended early. */
    List<CaseResult> results() {
        List<CaseResult> results = new ArrayList<>();
        problem.ifPresent(results::add);
        if (seen) {
            ranks.forEach(rank -> results.add(result(rank)));
        }
        return results;
    }

    private CaseResult result(RankDevice rank) {
        GpuCourse course = courses.get(rank.deviceUuid());
        return course != null
                ? course.result(rank)
                : CaseResult.without(
                        Case.step(Phase.COUNTERS, "rank " + rank.rank()),
                        Status.SKIPPED,
                        "NVML of this host does not list " + rank.words(),
                        List.of());
    }
}
