package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.Secrets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a judge is told, with the defaults of the command line. One thread. */
final class JudgeSettings {

    private final List<String> command;
    private Optional<Stage> stage = Optional.empty();
    ShouldPolicy should = ShouldPolicy.ABORT;
    Path knownFailures;
    String contractVersion = "";
    List<String> only = List.of();
    List<String> skip = List.of();
    final Map<String, String> environment = new TreeMap<>();
    Path workingDirectory;
    boolean launched;
    Duration startTimeout = RunOptions.DEFAULT_START_TIMEOUT;
    Duration timeout = RunOptions.DEFAULT_TIMEOUT;
    Duration maxTime = RunOptions.DEFAULT_MAX_TIME;
    Duration idle = RunOptions.DEFAULT_IDLE;
    long seed = new SecureRandom().nextInt(1_000_000_000);
    int tries = RunOptions.DEFAULT_TRIES;
    int jobs = RunOptions.DEFAULT_JOBS;
    List<String> commIdCommand = List.of();
    List<Integer> worldSizes = List.of(2);
    String suite = RunOptions.DEFAULT_SUITE;
    Path report;

    JudgeSettings(List<String> command) {
        this.command = List.copyOf(command);
    }

    void stage(String id) {
        stage = Optional.of(Stage.of(id));
    }

    RunOptions options() {
        return new RunOptions(
                command,
                stage,
                contractVersion,
                Overrides.only().orElse(only),
                skip,
                Optional.ofNullable(knownFailures),
                Overrides.seed().orElse(seed),
                Overrides.tries().orElse(tries),
                timeout,
                maxTime,
                false,
                should == ShouldPolicy.FAIL,
                launched,
                jobs,
                commIdCommand,
                worldSizes,
                idle,
                Duration.ZERO,
                startTimeout,
                suite,
                rerunPrefix());
    }

    /** Files in the report folder that outlive a run which comes to no end. */
    List<Path> keptReports() {
        Path written = report.resolve("known-failures.txt");
        return knownFailures == null ? List.of(written) : List.of(written, knownFailures);
    }

    LaunchSettings launch() {
        return new LaunchSettings(environment, Optional.ofNullable(workingDirectory));
    }

    /** The command line that does the same for people who have tpctl; what may be a secret is masked. */
    private String rerunPrefix() {
        String folder = workingDirectory == null ? "" : "cd " + RerunLine.quote(workingDirectory.toString()) + " && ";
        String variables = environment.entrySet().stream()
                .map(variable -> variable.getKey() + "="
                        + RerunLine.quote(Secrets.masked(variable.getKey(), variable.getValue())) + " ")
                .collect(Collectors.joining());
        String group = commIdCommand.isEmpty()
                ? ""
                : " --comm-id-command "
                        + RerunLine.quote(Secrets.masked(commIdCommand).stream()
                                .map(RerunLine::quote)
                                .collect(Collectors.joining(" ")))
                        + " --world-size "
                        + worldSizes.stream().map(String::valueOf).collect(Collectors.joining(","));
        return folder + variables + "tpctl conformance run" + group;
    }
}
