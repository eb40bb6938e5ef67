package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.ExitCodes;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.report.TerminalReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description =
                "Starts COMMAND... --worker --rank R --tp-size N --cuda-device D as often as it needs, and judges it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 no MUST failed; 1 one did, or a known failure is stale; 2 usage; 3 the worker",
            "could not be judged at all, which is never a pass; 4 --max-time ran out; 130 interrupted."
        })
final class RunCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description =
                    "The worker's command, after --. Any program in any language: -- docker run -i --rm IMAGE neuron")
    private List<String> command = List.of();

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            defaultValue = "auto",
            description = "7a-i, 7a-ii-no-cuda, 7a-ii, or auto: asked of the worker (default: ${DEFAULT-VALUE}).")
    private String stage;

    @Option(
            names = "--contract-version",
            paramLabel = "VERSION",
            defaultValue = "",
            description = "Skip rules that a later version added (default: the newest).")
    private String contractVersion;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description = "Only these rules or checks; * and ? are wildcards.")
    private List<String> only = List.of();

    @Option(
            names = "--skip",
            paramLabel = "ID",
            split = ",",
            description = "All but these; a pattern that names nothing is an error.")
    private List<String> skip = List.of();

    @Option(
            names = "--known-failures",
            paramLabel = "FILE",
            description = "Failures that are expected; one that passes fails the run.")
    private Path knownFailures;

    @Option(
            names = "--write-known-failures",
            paramLabel = "FILE",
            description = "Write the failures of this run as such a file.")
    private Path writeKnownFailures;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides every random case (default: by chance, and printed).")
    private Long seed;

    @Option(
            names = "--tries",
            paramLabel = "N",
            defaultValue = "200",
            description = "Cases a property (default: ${DEFAULT-VALUE}).")
    private int tries;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Durations.class,
            description = "For one reply or one end (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = "--max-time",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Durations.class,
            description = "For the whole run (default: ${DEFAULT-VALUE}).")
    private Duration maxTime;

    @Option(names = "--fail-fast", description = "Stop at the first failure.")
    private boolean failFast;

    @Option(names = "--strict", description = "A SHOULD counts as a MUST.")
    private boolean strict;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "2",
            description = "Checks at the same time (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write report.json, junit.xml, report.md, report.html and transcripts/.")
    private Path report;

    @Option(names = "--quiet", description = "Only failures and the last line.")
    private boolean quiet;

    @Option(names = "--trace", description = "Print the transcript of every failure, and every check as it begins.")
    private boolean trace;

    @Option(
            names = "--comm-id-command",
            paramLabel = "CMD",
            description = "For stage 7a-ii: prints a comm_id on its first line and serves it until its stdin closes"
                    + " (default: this project's neuron --comm-id --communicator loopback).")
    private String commIdCommand;

    @Option(
            names = "--world-size",
            paramLabel = "N",
            split = ",",
            description = "Sizes of the groups of stage 7a-ii (default: 2, and 3 too on the loopback default).")
    private List<Integer> worldSizes = List.of();

    @ParentCommand
    private ConformanceCommand parent;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            return run(options());
        } catch (UsageException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private RunOptions options() {
        CommIdCommand maker = CommIdCommand.of(commIdCommand);
        List<Integer> sizes = !worldSizes.isEmpty() ? worldSizes : maker.isOurs() ? List.of(2, 3) : List.of(2);
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
                jobs,
                maker.words(),
                sizes,
                CommIdCommand.program() + " conformance run");
    }

    private Optional<Stage> stageOf() {
        try {
            return stage.equals("auto") ? Optional.empty() : Optional.of(Stage.of(stage));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stage: " + e.getMessage() + ", auto");
        }
    }

    private int run(RunOptions options) {
        PrintWriter out = parent.terminal().out();
        Listener progress = quiet ? Listener.NONE : new Progress(parent.terminal(), trace);
        ConformanceRun run = new ConformanceRun(options, progress);
        if (!quiet) {
            out.println("seed " + options.seed() + ", " + options.tries() + " tries a property");
            out.flush();
        }
        Interruption interruption = Interruption.watch(run);
        try {
            RunReport found = run.run();
            new TerminalReport(out, parent.terminal().colours(), trace).print(found);
            Written.write(found, report, writeKnownFailures, out);
            return found.exitCode();
        } catch (java.io.IOException e) {
            out.println("cannot write the report: " + e.getMessage());
            out.flush();
            return ExitCodes.NOT_JUDGED;
        } finally {
            interruption.done();
        }
    }
}
