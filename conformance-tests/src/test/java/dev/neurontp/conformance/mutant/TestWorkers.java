package dev.neurontp.conformance.mutant;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.contract.Stage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs the suite in this process against the switchable worker. */
public final class TestWorkers {

    /** Where {@code src/test/c/build.sh} puts the switchable worker. */
    private static final Path FOLDER = folder();

    private TestWorkers() {}

    private static Path folder() {
        try {
            return Path.of(TestWorkers.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("fleet");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The command of a worker with these faults; where there is no such worker, the test is skipped. */
    public static List<String> worker(String fault, String stage) {
        return fault.isEmpty()
                ? List.of(program(), "--stage", stage)
                : List.of(program(), "--stage", stage, "--faults", fault);
    }

    /** The command of the maker of comm_ids. */
    public static List<String> commIdMaker() {
        return List.of(program(), "--comm-id");
    }

    private static String program() {
        Path worker = FOLDER.resolve("worker");
        assumeTrue(Files.isExecutable(worker), TestWorkers::whyNoWorker);
        return worker.toString();
    }

    private static String whyNoWorker() {
        try {
            return "SKIPPED: " + Files.readString(FOLDER.resolve("skipped")).strip();
        } catch (IOException _) {
            return "SKIPPED: there is no worker in " + FOLDER + ": ./mvnw test builds it there";
        }
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
                commIdMaker(),
                Duration.ZERO);
    }

    /** Judges such a worker by these rules, and by a soak of this length. */
    public static RunReport soak(String fault, String stage, List<String> only, Duration time) {
        return run(
                worker(fault, stage),
                Optional.of(Stage.of(stage)),
                only,
                10,
                Duration.ofSeconds(3),
                7,
                false,
                commIdMaker(),
                time);
    }

    /** Judges any command by all rules, as of the stage that it says. */
    public static RunReport judge(List<String> command, int tries, long seed) {
        return run(
                command,
                Optional.empty(),
                List.of(),
                tries,
                Duration.ofSeconds(10),
                seed,
                false,
                List.of(),
                Duration.ZERO);
    }

    /** The ids of the rules that a run has found so. */
    public static Set<String> rules(RunReport report, Verdict verdict) {
        return report.rules().stream()
                .filter(rule -> rule.verdict() == verdict)
                .map(rule -> rule.rule().id())
                .collect(Collectors.toSet());
    }

    private static RunReport run(
            List<String> command,
            Optional<Stage> stage,
            List<String> only,
            int tries,
            Duration timeout,
            long seed,
            boolean failFast,
            List<String> maker,
            Duration soak) {
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
                Duration.ofMinutes(6),
                failFast,
                false,
                false,
                only.isEmpty() ? 2 : 1,
                maker,
                List.of(2, 3),
                RunOptions.DEFAULT_IDLE,
                soak,
                RunOptions.DEFAULT_START_TIMEOUT,
                RunOptions.DEFAULT_SUITE,
                "tpctl conformance run");
        return new ConformanceRun(options, Listener.NONE).run();
    }
}
