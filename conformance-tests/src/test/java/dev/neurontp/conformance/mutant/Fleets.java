package dev.neurontp.conformance.mutant;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.contract.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs the suite in this process against the switchable worker. */
public final class Fleets {

    private static final String CLASSES = classes();

    private Fleets() {}

    private static String classes() {
        try {
            return Path.of(Fleets.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The command of a worker with these faults. */
    public static List<String> worker(String fault, String stage) {
        List<String> command = java(MutantWorker.class);
        if (fault.contains("dies-by-signal")) {
            command.add(1, "-Xrs");
        }
        command.addAll(List.of("--stage", stage));
        if (!fault.isEmpty()) {
            command.addAll(List.of("--faults", fault));
        }
        return command;
    }

    /** The command of the maker of comm_ids. */
    public static List<String> commIdMaker() {
        return java(CommIdMaker.class);
    }

    private static List<String> java(Class<?> main) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + Path.of(CLASSES).getParent(),
                "-cp",
                CLASSES,
                main.getName()));
    }

    /** Judges such a worker. */
    public static RunReport judge(
            String fault, String stage, List<String> only, int tries, Duration timeout, long seed) {
        return judge(fault, stage, only, tries, timeout, seed, false);
    }

    /** The same, up to the first failure if wanted. */
    public static RunReport judge(
            String fault, String stage, List<String> only, int tries, Duration timeout, long seed, boolean failFast) {
        return run(
                worker(fault, stage),
                Optional.of(Stage.of(stage)),
                only,
                tries,
                timeout,
                seed,
                failFast,
                commIdMaker());
    }

    /** Judges any command by all rules, as of the stage that it says. */
    public static RunReport judge(List<String> command, int tries, long seed) {
        return run(command, Optional.empty(), List.of(), tries, Duration.ofSeconds(10), seed, false, List.of());
    }

    private static RunReport run(
            List<String> command,
            Optional<Stage> stage,
            List<String> only,
            int tries,
            Duration timeout,
            long seed,
            boolean failFast,
            List<String> maker) {
        RunOptions options = new RunOptions(
                command,
                stage,
                "",
                only,
                List.of(),
                Optional.empty(),
                seed,
                tries,
                timeout,
                Duration.ofMinutes(3),
                failFast,
                false,
                only.isEmpty() ? 2 : 1,
                maker,
                List.of(2, 3),
                "tpctl conformance run");
        return new ConformanceRun(options, Listener.NONE).run();
    }
}
