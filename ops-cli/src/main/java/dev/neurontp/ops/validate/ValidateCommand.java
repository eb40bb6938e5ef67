package dev.neurontp.ops.validate;

import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.validate.Bars;
import dev.neurontp.harness.validate.Baseline;
import dev.neurontp.harness.validate.GpuWatch;
import dev.neurontp.harness.validate.HostCheck;
import dev.neurontp.harness.validate.JoinedPool;
import dev.neurontp.harness.validate.JsonReport;
import dev.neurontp.harness.validate.OwnPool;
import dev.neurontp.harness.validate.Plan;
import dev.neurontp.harness.validate.ValidationReport;
import dev.neurontp.harness.validate.ValidationRun;
import dev.neurontp.ops.client.DaemonOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.Interruption;
import dev.neurontp.ops.console.OutputFolder;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.pool.PoolUnderTest;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
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
            "Brings up a pool of its own, or takes one that is up and joined (validate POOL), runs every collective with data that is checked on every rank, measures collectives and",
            "pairs of GPUs, and says PASS or names the GPU. docs/validation.md is the guide.",
            "A pool that is given stays joined, and its free memory is not written to; but a collective that hangs costs it, as"
                    + " always. One that is busy: exit code 4.",
            "Exit code 0 only where nothing failed and data was compared; 3 where nothing was compared."
        })
public final class ValidateCommand implements Callable<Integer> {
    private static final Duration INIT = Duration.ofMinutes(3);

    private final Screen screen;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-n", "--size"},
            paramLabel = "N",
            description = "The number of ranks. Default: the GPUs of this host; 2 without GPUs.")
    private Integer size;

    @Option(
            names = "--devices",
            paramLabel = "D",
            split = ",",
            description = "The GPU of each rank, rank 0's first: 0,1. Default: 0 to N-1.")
    private List<Long> devices = List.of();

    @Option(
            names = "--communicator",
            paramLabel = "NAME",
            defaultValue = "${env:NEURON_TP_COMMUNICATOR:-nccl}",
            completionCandidates = CommunicatorNames.class,
            description = "One of ${COMPLETION-CANDIDATES}; loopback needs no GPU and says nothing of hardware."
                    + " Default: NEURON_TP_COMMUNICATOR, else nccl.")
    private String communicator;

    @Mixin
    private PlanOptions planOptions;

    @Mixin
    private BarOptions barOptions;

    @Mixin
    private NcclTestsOptions ncclTestsOptions;

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stop then, and report what was found. Default: none.")
    private Duration longest;

    @Option(
            names = "--skip-doctor",
            description = "Do not look at this host's files before the start, and start whatever they say.")
    private boolean skipDoctor;

    @Option(
            names = "--shared-gpu",
            description = "Several ranks may have one GPU, for their data only: nothing is measured then.")
    private boolean sharedGpu;

    @Option(names = "--require-hardware", description = "Exit code 3 where no hardware is behind the ranks.")
    private boolean requireHardware;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = ReportFormat.class,
            completionCandidates = OutputOptions.Formats.class,
            description = "The format of stdout: table, or json (the whole report). Default: table.")
    private OutputOptions.Format format;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write report.json, junit.xml, report.md and report.html.")
    private Path report;

    @Mixin
    private final DaemonOptions daemon;

    @Parameters(
            arity = "0..*",
            paramLabel = "POOL | -- COMMAND",
            completionCandidates = Completes.Pools.class,
            description =
                    "A pool that has joined, by its name or the beginning of its id; or, after --, the program of the workers of"
                            + " a pool of its own. Default: neuron.")
    private List<String> words = List.of();

    private ValidateCommand(Screen screen, DaemonOptions daemon) {
        this.screen = screen;
        this.daemon = daemon;
    }

    /** The command with its subcommand, printing to {@code screen}; pools are looked for in {@code folders}. */
    public static CommandLine commandLine(Screen screen, RuntimeFolders folders) {
        return new CommandLine(new ValidateCommand(screen, new DaemonOptions(folders)))
                .addSubcommand(new DiffCommand(screen));
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
        }
        LiveProgress progress = new LiveProgress(screen);
        ValidationRun run = new ValidationRun(setup, progress::done);
        Interruption interruption = Interruption.watch(run::stop);
        try {
            ValidationReport found = run.run();
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
                screen.say("tpctl validate: the report could not be written: " + OutputFolder.reason(e));
                return found.exitCode() == ExitCode.OK ? ExitCode.COULD_NOT_RUN : found.exitCode();
            }
        }
        if (requireHardware && found.simulated() && found.exitCode() == ExitCode.OK) {
            screen.say("tpctl validate: --require-hardware is not met: " + found.verdict());
            return ExitCode.COULD_NOT_RUN;
        }
        return found.exitCode();
    }

    private ValidationRun.Setup setup() {
        Words given = Words.of(words, spec.commandLine().getParseResult().originalArgs());
        if (given.pool().isPresent()) {
            return setupOf(given.pool().get());
        }
        if (daemon.isGiven()) {
            throw new IllegalArgumentException(
                    "--host, --token-file and --ca-file say where a pool is: name the pool, or leave them out");
        }
        CommunicatorProvider provider = Communicators.named("--communicator", communicator);
        int ranks = ranks(provider);
        Plan plan = planOptions.plan(ranks);
        Bars bars = barOptions.bars(plan);
        if (!provider.needsGpu() && !bars.isEmpty()) {
            throw new IllegalArgumentException(Bars.OPTION + " and " + Baseline.OPTION + " want hardware, and "
                    + provider.name() + " has none: leave them out");
        }
        List<Long> own = devices.isEmpty() ? WorkerPool.firstDevices(ranks) : devices;
        if (own.size() != ranks) {
            throw new IllegalArgumentException(
                    "--devices names " + own.size() + " devices for " + ranks + " ranks: every rank has one");
        }
        return new ValidationRun.Setup(
                new OwnPool(
                        given.command().isEmpty() ? NeuronLauncher.neuron() : given.command(),
                        own,
                        options(provider, plan)),
                plan,
                bars,
                Optional.ofNullable(longest),
                sharedGpu,
                host(provider, own),
                new CudaPeerCopies(Map.of()),
                provider.needsGpu() ? NvmlGpuWatch::start : () -> GpuWatch.none(provider.name() + " uses no GPU"));
    }

    /** Of a pool that somebody else has started: nothing of how it was started can be chosen here. */
    private ValidationRun.Setup setupOf(String prefix) {
        for (String option : List.of("--size", "--devices", "--communicator", "--shared-gpu", "--skip-doctor")) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new IllegalArgumentException(option + " is of a pool that is started here: pool '"
                        + ForeignText.of(prefix, ForeignText.NAME) + "' has been started already");
            }
        }
        PoolUnderTest pool = PoolUnderTest.of(daemon.daemons(), prefix);
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

    private HostCheck host(CommunicatorProvider provider, List<Long> own) {
        if (skipDoctor) {
            return HostCheck.skipped("--skip-doctor");
        }
        return provider.needsGpu()
                ? HostRows.of(sharedGpu ? own.stream().distinct().toList() : own)
                : HostCheck.skipped(provider.name() + " uses no GPU");
    }

    private int ranks(CommunicatorProvider provider) {
        if (size != null) {
            return size;
        }
        if (!devices.isEmpty()) {
            return devices.size();
        }
        if (!provider.needsGpu()) {
            return 2;
        }
        return HostGpus.count()
                .orElseThrow(() -> new CommandException(
                        ExitCode.COULD_NOT_RUN,
                        HostGpus.isHidden()
                                ? "CUDA_VISIBLE_DEVICES is set and empty, which hides every GPU"
                                : "the NVIDIA driver shows no GPU on this host (/proc/driver/nvidia/gpus)",
                        "tpctl doctor says why; -n N when you know better; --communicator loopback without GPUs"));
    }

    private PoolOptions options(CommunicatorProvider provider, Plan plan) {
        // The ranks' own bound of one run is 10 s less than the pool's deadline: docs/nccl.md.
        Duration collective = plan.timeout().plus(Duration.ofSeconds(10));
        Duration init = INIT.compareTo(collective) < 0 ? collective : INIT;
        Map<String, String> environment = new HashMap<>();
        if (sharedGpu) {
            environment.put("NEURON_TP_SHARED_GPU", "1");
        }
        return PoolOptions.DEFAULT
                .withCommunicator(provider)
                .withRankZero(PoolOptions.RankZero.SPAWNED)
                .withEnvironment(environment)
                .withDeadlines(Deadlines.DEFAULT.withInit(init).withSanity(collective));
    }
}
