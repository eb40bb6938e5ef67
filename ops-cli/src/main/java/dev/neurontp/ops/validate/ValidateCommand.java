package dev.neurontp.ops.validate;

import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.usage.CommandLines;
import dev.neurontp.harness.validate.HostCheck;
import dev.neurontp.harness.validate.JoinedPool;
import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.harness.validate.Plan;
import dev.neurontp.harness.validate.ValidationReport;
import dev.neurontp.harness.validate.ValidationRun;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.DaemonOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.Interruption;
import dev.neurontp.ops.console.OutputFolder;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.pool.PoolUnderTest;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings up a pool of its own, checks and measures, and says PASS or names the GPU. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks and measures the GPUs of a pool, and says PASS or names the GPU.",
            "Brings up a pool of its own, or takes one that is up and joined (validate POOL), runs every collective with data"
                    + " that is checked on every rank, and measures collectives and pairs of GPUs. docs/validation.md is the guide.",
            "A pool that is given stays joined, and its free memory is not written to; but a collective that hangs costs it, as"
                    + " always. One that is busy: exit code 4.",
            "Exit code 0 only where nothing failed and data was compared; 3 where nothing was compared."
        })
public final class ValidateCommand implements Callable<Integer> {
    private final Screen screen;

    @Spec
    CommandSpec spec;

    @Mixin
    OwnPoolOptions ownPool;

    @Mixin
    PlanOptions planOptions;

    @Mixin
    BarOptions barOptions;

    @Mixin
    NcclTestsOptions ncclTestsOptions;

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stop then, and report what was found. Default: none.")
    Duration longest;

    @Option(names = "--require-hardware", description = "Exit code 3 where no hardware is behind the ranks.")
    boolean requireHardware;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = ReportFormat.class,
            completionCandidates = OutputOptions.Formats.class,
            description = "The format of stdout: table, or json (the whole report). Default: table.")
    OutputOptions.Format format;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write report.json, junit.xml, report.md and report.html.")
    Path report;

    @Mixin
    final DaemonOptions daemon;

    @Parameters(
            arity = "0..*",
            paramLabel = "POOL | -- COMMAND",
            completionCandidates = Completes.Pools.class,
            description =
                    "A pool that has joined, by its name or the beginning of its id; or, after --, the program of the workers of"
                            + " a pool of its own. Default: neuron.")
    List<String> words = List.of();

    private ValidateCommand(Screen screen, DaemonOptions daemon) {
        this.screen = screen;
        this.daemon = daemon;
    }

    /** The command with its subcommand, printing to {@code screen}; daemons are looked for in {@code folders}, past pools in {@code states}. */
    public static CommandLine commandLine(Screen screen, RuntimeFolders folders, StateFolders states) {
        return CommandLines.of(new ValidateCommand(screen, new DaemonOptions(folders, states)))
                .addSubcommand(CommandLines.of(new DiffCommand(screen)));
    }

    @Override
    public Integer call() throws InterruptedException {
        ValidationRun.Setup setup;
        try {
            ncclTestsOptions.refuse();
            setup = setup();
            if (report != null) {
                OutputFolder.require("--report", report, report);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (CommandException | ApiErrorException e) {
            removeOldReport();
            throw e;
        }
        removeOldReport();
        LiveProgress progress = new LiveProgress(screen);
        ValidationRun run = new ValidationRun(setup, progress::done);
        Interruption interruption = Interruption.watch(run::stop);
        try {
            ValidationReport found = requireHardware ? run.run().requiringHardware() : run.run();
            progress.clear();
            return print(found);
        } finally {
            interruption.done();
        }
    }

    private int print(ValidationReport found) {
        if (format == OutputOptions.Format.JSON) {
            screen.out().print(JsonReport.of(found));
            screen.out().flush();
        } else {
            new TerminalReport(screen.terminal(), screen.columns(), found).print();
        }
        if (report != null) {
            try {
                ReportFiles.write(found, report);
                screen.say("report: " + report.resolve("report.html"));
            } catch (IOException e) {
                if (found.exitCode() == ExitCode.OK) {
                    removeOldReport(); // a part of it would say that this has passed
                }
                screen.say("tpctl validate: the report could not be written to " + report + ": "
                        + OutputFolder.reason(e) + ". Give another place with --report");
                return found.exitCode() == ExitCode.OK ? ExitCode.COULD_NOT_RUN : found.exitCode();
            }
        }
        found.whyIncomplete().forEach(line -> screen.say("tpctl validate: " + line));
        if (found.stopped() == ValidationReport.Stop.HARDWARE_REQUIRED) {
            screen.say("tpctl validate: --require-hardware is not met: " + found.verdict());
        }
        return found.exitCode();
    }

    private void removeOldReport() {
        if (report == null) {
            return;
        }
        try {
            ReportFiles.removeOld(report, barOptions.baselines);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the report of an earlier run in " + report + " cannot be removed: " + OutputFolder.reason(e),
                    "Give another place with --report.",
                    e);
        }
    }

    private ValidationRun.Setup setup() throws InterruptedException {
        Words given = Words.of(words, spec.commandLine().getParseResult().originalArgs());
        if (given.pool().isPresent()) {
            return setupOf(given.pool().get());
        }
        if (daemon.isGiven()) {
            throw new IllegalArgumentException(
                    "--host, --token-file and --ca-file say where a pool is: name the pool, or leave them out");
        }
        return ownPool.setup(given.command(), planOptions, barOptions, Optional.ofNullable(longest));
    }

    /** Of a pool that somebody else has started: nothing of how it was started can be chosen here. */
    private ValidationRun.Setup setupOf(String prefix) throws InterruptedException {
        for (String option : OwnPoolOptions.NAMES) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new IllegalArgumentException(option + " is of a pool that is started here: pool '"
                        + ForeignText.of(prefix, ForeignText.NAME) + "' has been started already");
            }
        }
        PoolUnderTest pool = PoolUnderTest.of(ConnectOptions.of(daemon), prefix);
        Plan plan = planOptions.plan(pool.devices().size());
        return new ValidationRun.Setup(
                new JoinedPool(pool),
                plan,
                barOptions.bars(plan),
                Optional.ofNullable(longest),
                false,
                HostCheck.skipped("the pool is up already"),
                new CudaPeerCopies(Map.of()),
                NvmlGpuWatch::start);
    }
}
