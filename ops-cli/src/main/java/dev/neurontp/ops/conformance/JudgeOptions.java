package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.process.Secrets;
import dev.neurontp.ops.console.DurationConverter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What to judge and how hard: everything that decides the verdict. */
final class JudgeOptions {

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            defaultValue = "auto",
            description = "7a-i, 7a-ii-no-cuda, 7a-ii, or auto: asked of the worker (default: ${DEFAULT-VALUE}).")
    String stage;

    @Option(
            names = "--contract-version",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "Skip rules that a later version added (default: the newest).")
    String contractVersion;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description = "Only these rules or checks; * and ? are wildcards.")
    List<String> only = List.of();

    @Option(
            names = "--skip",
            paramLabel = "ID",
            split = ",",
            description = "All but these; a pattern that names nothing is an error.")
    List<String> skip = List.of();

    @Option(
            names = "--known-failures",
            paramLabel = "FILE",
            description = "Failures that are expected; one that passes fails the run.")
    Path knownFailures;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides every random case (default: by chance, and printed).")
    Long seed;

    @Option(
            names = "--tries",
            paramLabel = "N",
            defaultValue = "200",
            description = "Cases a property (default: ${DEFAULT-VALUE}).")
    int tries;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "For one reply or one end (default: ${DEFAULT-VALUE}).")
    Duration timeout;

    @Option(
            names = "--start-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "For the first reply of the first process (default: ${DEFAULT-VALUE}).")
    Duration startTimeout;

    @Option(
            names = "--suite",
            paramLabel = "NAME",
            defaultValue = RunOptions.DEFAULT_SUITE,
            description = "Names the run in reports (default: ${DEFAULT-VALUE}).")
    String suite;

    @Option(
            names = "--max-time",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = DurationConverter.class,
            description = "For the whole run (default: ${DEFAULT-VALUE}).")
    Duration maxTime;

    @Option(names = "--fail-fast", description = "Stop at the first failure.")
    boolean failFast;

    @Option(names = "--strict", description = "A SHOULD counts as a MUST.")
    boolean strict;

    @Option(
            names = "--launched",
            description = "COMMAND is a launcher, such as ssh, srun or docker: what is its own is not judged.")
    boolean launched;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "2",
            description = "Checks at the same time (default: ${DEFAULT-VALUE}).")
    int jobs;

    @Option(
            names = "--comm-id-command",
            paramLabel = "CMD",
            description = "For stage 7a-ii: prints a comm_id on its first line and serves it until its stdin closes"
                    + " (default: this project's neuron --comm-id --communicator loopback; with --launched none).")
    String commIdCommand;

    @Option(
            names = "--world-size",
            paramLabel = "N",
            split = ",",
            description = "Sizes of the groups of stage 7a-ii (default: 2, and 3 too on the loopback default).")
    List<Integer> worldSizes = List.of();

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            defaultValue = "4s",
            converter = DurationConverter.class,
            description = "How long some workers get no input during the run (default: ${DEFAULT-VALUE}).")
    Duration idle;

    @Option(
            names = "--soak",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "After all checks keep one worker busy so long, and fail if it grows (default: not at all).")
    Duration soak;

    /** The same, as one record, for this command. */
    RunOptions of(List<String> command) {
        CommIdCommand commIdProgram = CommIdCommand.of(commIdCommand, launched);
        List<Integer> sizes = !worldSizes.isEmpty() ? worldSizes : commIdProgram.isOurs() ? List.of(2, 3) : List.of(2);
        return new RunOptions(
                command,
                stageOf(),
                contractVersion,
                only,
                skip,
                Optional.ofNullable(knownFailures),
                seed == null ? new SecureRandom().nextInt(1_000_000_000) : seed,
                tries,
                timeout,
                maxTime,
                failFast,
                strict,
                launched,
                jobs,
                commIdProgram.words(),
                sizes,
                idle,
                soak,
                startTimeout,
                suite,
                CommIdCommand.program() + " conformance run" + groupOptions());
    }

    /** What was said about groups, for the commands that a run prints. */
    private String groupOptions() {
        String command =
                commIdCommand == null ? "" : " --comm-id-command " + RerunLine.quote(Secrets.masked(commIdCommand));
        return worldSizes.isEmpty()
                ? command
                : command + " --world-size "
                        + worldSizes.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private Optional<Stage> stageOf() {
        try {
            return stage.equals("auto") ? Optional.empty() : Optional.of(Stage.of(stage));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stage: " + e.getMessage() + ", auto");
        }
    }
}
