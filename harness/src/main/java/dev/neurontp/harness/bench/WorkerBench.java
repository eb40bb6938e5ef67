package dev.neurontp.harness.bench;

import dev.neurontp.harness.process.WorkerGuard;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one worker takes from its start over its first pings to its end, beside programs that do next to nothing. All are started in turn,
 * so that the host disturbs all alike.
 *
 * @param commands the programs of workers, without the arguments of a rank; at least one
 * @param runs how often each is started, at least 1
 */
public record WorkerBench(List<List<String>> commands, int runs) {
    /** How often a process is pinged, the first reply included. */
    public static final int PINGS = 4001;

    /** How long one process has for what is asked of it, its pings above all. */
    public static final int LIMIT_SECONDS = 120;

    /** How long one process has to reply to shutdown, and to end after that or SIGTERM. */
    public static final int EXIT_SECONDS = 30;

    private static final Duration LIMIT = Duration.ofSeconds(LIMIT_SECONDS);
    private static final int COLD = 50;
    private static final int FIRST = 500;
    private static final int WARM = 1000;
    private static final int TIMED = PINGS - 1;
    private static final double MICRO = 1e3;
    private static final double MILLI = 1e6;
    private static final double MEBI = 1 << 20;

    public WorkerBench {
        commands = commands.stream().map(List::copyOf).toList();
        if (commands.isEmpty() || runs < 1) {
            throw new IllegalArgumentException(
                    "there are " + commands.size() + " commands and " + runs + " runs: at least one of each");
        }
    }

    /**
     * Medians of the runs of one program; what is measured of a process is left out where not the one that was started answers.
     *
     * @param floor whether it is one of those that a worker is compared to
     */
    public record Result(String name, List<String> command, boolean floor, Map<Metric, Double> medians) {
        /** Whether a child of the process that was started answers, as where a script does not {@code exec} its worker. */
        public boolean ofChild() {
            return !medians.containsKey(Metric.CPU);
        }

        /** How many times that of the other; empty where either has none. */
        public Optional<Double> over(Result other, Metric metric) {
            Double mine = medians.get(metric);
            Double its = other.medians.get(metric);
            return mine == null || its == null || its == 0 ? Optional.empty() : Optional.of(mine / its);
        }
    }

    /**
     * Measures. Blocks for as long as that takes; no process has more than {@link #LIMIT_SECONDS} for its pings.
     *
     * @return the floors first, then the commands in order
     * @throws IOException when a program cannot be started, gives no pong or does not end
     * @throws IllegalArgumentException when there is no such program
     */
    public List<Result> run() throws IOException, InterruptedException {
        WorkerGuard.ensure();
        try (Floors floors = new Floors()) {
            List<MeasuredProgram> programs = new ArrayList<>(floors.all());
            int compared = programs.size();
            for (int i = 0; i < commands.size(); i++) {
                programs.add(
                        MeasuredProgram.worker(commands.size() == 1 ? "worker" : "worker " + (i + 1), commands.get(i)));
            }
            measure(programs.getFirst()); // this JVM's own first pings
            Map<MeasuredProgram, List<Map<Metric, Double>>> seen = new LinkedHashMap<>();
            for (int run = 0; run < runs; run++) {
                for (MeasuredProgram program : programs) {
                    seen.computeIfAbsent(program, _ -> new ArrayList<>()).add(measure(program));
                }
            }
            List<Result> results = new ArrayList<>();
            seen.forEach((program, all) ->
                    results.add(new Result(program.name(), program.line(), results.size() < compared, medians(all))));
            return results;
        }
    }

    private static Map<Metric, Double> measure(MeasuredProgram program) throws IOException, InterruptedException {
        Map<Metric, Double> seen = new EnumMap<>(Metric.class);
        long began = System.nanoTime();
        try (ProgramRun run = new ProgramRun(program, PINGS, LIMIT)) {
            long spawned = System.nanoTime() - began;
            seen.put(Metric.FIRST_REPLY, (spawned + run.ping()) / MILLI);
            ProcessCounters before = ProcessCounters.of(run.pid());
            long[] nanos = new long[TIMED];
            for (int i = 0; i < FIRST; i++) {
                nanos[i] = run.ping();
            }
            ProcessCounters used = ProcessCounters.of(run.pid()).since(before);
            boolean itself = used.calls() >= FIRST || !run.childReads(FIRST);
            for (int i = FIRST; i < TIMED; i++) {
                nanos[i] = run.ping();
            }
            seen.put(Metric.FIRST_50, Median.of(nanos, 0, COLD) / MICRO);
            seen.put(Metric.FIRST_500, Median.of(nanos, 0, FIRST) / MICRO);
            seen.put(Metric.WARM, Median.of(nanos, TIMED - WARM, TIMED) / MICRO);
            if (itself) {
                seen.put(Metric.CPU, used.cpuNanos() / MILLI);
                seen.put(Metric.SWITCHES, used.switches() / (double) FIRST);
                seen.put(Metric.CALLS, used.calls() / (double) FIRST);
                seen.put(Metric.RESIDENT, run.resident() / MEBI);
                seen.put(Metric.TERMINATED, run.terminate() / MILLI);
            }
        }
        if (program.speaks()) {
            try (ProgramRun run = new ProgramRun(program, 1, LIMIT)) {
                run.ping();
                seen.put(Metric.LEFT, run.leave() / MILLI);
            }
        }
        return seen;
    }

    private static Map<Metric, Double> medians(List<Map<Metric, Double>> all) {
        Map<Metric, Double> medians = new EnumMap<>(Metric.class);
        for (Metric metric : all.getFirst().keySet()) {
            if (!all.stream().allMatch(one -> one.containsKey(metric))) {
                continue;
            }
            medians.put(metric, Median.of(all.stream().mapToDouble(one -> one.get(metric))));
        }
        return Collections.unmodifiableMap(medians);
    }
}
