package dev.neurontp.harness;

import dev.neurontp.harness.daemon.DaemonCommand;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.smoke.SmokeRun;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.Stderr;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "neuron",
        mixinStandardHelpOptions = true,
        versionProvider = NeuronCommand.Version.class,
        description = "The program of one node: a worker, the one-shot check of a group, or the daemon.",
        footer = {
            "",
            "  neuron [--config FILE] [--port N] [--host ADDRESS]       the daemon (docs/operating.md)",
            "  neuron --worker --rank R --tp-size N --cuda-device D     be one rank (neuron --worker --help)",
            "  neuron --comm-id --communicator loopback                 print a comm_id and serve it",
            "  neuron --tp-smoke --tp-size N --cuda-devices 0,1         spawn, ping, init, sanity, shutdown",
            "",
            "The check prints key=value lines on stdout, status=ok or status=failed last. Exit codes: 0 success,",
            "1 a rank failed, 2 usage, 3 could not run at all, 130 and 143 interrupted."
        })
final class NeuronCommand implements Callable<Integer> {
    static final List<String> OF_THE_CHECK = List.of("--tp-size", "--cuda-devices", "--communicator", "--rank0");

    private static final Duration LAST_LINES = Duration.ofSeconds(2);

    private final OutputStream stdout;

    @Spec
    CommandSpec spec;

    @Mixin
    DaemonCommand daemon;

    @Option(names = "--tp-smoke", description = "Run the one-shot check of a group.")
    boolean smoke;

    @Option(names = "--tp-size", paramLabel = "N", description = "The number of ranks, at least 1.")
    Integer worldSize;

    @Option(
            names = "--cuda-devices",
            paramLabel = "D",
            split = ",",
            description = "One device index per rank, rank 0's first. Default: 0 to N-1.")
    List<Long> devices;

    @Option(
            names = "--communicator",
            paramLabel = "KIND",
            defaultValue = "${env:NEURON_TP_COMMUNICATOR:-nccl}",
            completionCandidates = CommunicatorNames.class,
            description = "One of ${COMPLETION-CANDIDATES}. Default: NEURON_TP_COMMUNICATOR, else nccl.")
    String communicator;

    @Option(
            names = "--rank0",
            paramLabel = "WHERE",
            defaultValue = "in-process",
            description = "Where rank 0 lives: in-process (as in the original) or spawned. Default: in-process.")
    String rankZero;

    /** Data goes to {@code stdout}. */
    NeuronCommand(OutputStream stdout) {
        this.stdout = stdout;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (!smoke) {
            requireNone(OF_THE_CHECK, "goes with --tp-smoke", "a pool of the daemon says it for itself (tpctl create)");
            return daemon.run(System.getenv(), NeuronLauncher::neuron, stdout, err);
        }
        requireNone(DaemonCommand.OPTIONS, "is for the daemon", "--tp-smoke starts none");
        if (worldSize == null) {
            throw new ParameterException(spec.commandLine(), "--tp-smoke needs --tp-size N, the number of ranks");
        }
        PoolOptions options = PoolOptions.DEFAULT
                .withCommunicator(communicator())
                .withRankZero(choice("--rank0", rankZero, PoolOptions.RankZero.values()))
                .withStderr((rank, line) -> err.println("rank " + rank + ": " + line));
        List<String> worker;
        try {
            worker = NeuronLauncher.neuron();
        } catch (IllegalStateException e) {
            err.println("neuron: " + e.getMessage());
            return ExitCode.COULD_NOT_RUN;
        }
        return smoke(new SmokeRun(worker, worldSize, devices(), options));
    }

    /** An option that its mode would not look at is refused, not ignored. */
    private void requireNone(List<String> options, String belongs, String why) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), option + " " + belongs + ": " + why);
            }
        }
    }

    private List<Long> devices() {
        try {
            return devices != null ? devices : WorkerPool.firstDevices(worldSize);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private int smoke(SmokeRun run) {
        PrintWriter out = spec.commandLine().getOut();
        SmokeReport report = new SmokeReport(out, worldSize, communicator);
        CountDownLatch told = new CountDownLatch(1);
        ExitHook hook = new ExitHook("shutdown", () -> {
            run.interrupt();
            awaitQuietly(told);
            Stderr.flush();
        });
        hook.install();
        try {
            run.run(report);
            label(report);
            report.ok();
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (PoolFailure e) {
            label(report);
            report.failed(e);
            spec.commandLine().getErr().println("neuron: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (PoolException e) {
            label(report);
            report.failed();
            spec.commandLine().getErr().println("neuron: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException _) {
            label(report);
            report.failed();
            spec.commandLine().getErr().println("neuron: the check was ended before it was over");
            return ExitCode.FAILED; // where it was a signal, the process ends by that
        } finally {
            told.countDown();
        }
    }

    /** The last lines are said by the thread that runs the check, which a signal has just woken. */
    private static void awaitQuietly(CountDownLatch told) {
        try {
            boolean _ = told.await(LAST_LINES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private CommunicatorProvider communicator() {
        try {
            return Communicators.named("--communicator", communicator);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void label(SmokeReport report) {
        if (communicator().isSimulated()) {
            report.simulated();
        }
    }

    private <E extends Enum<E>> E choice(String option, String text, E[] values) {
        for (E value : values) {
            if (label(value).equals(text)) {
                return value;
            }
        }
        List<String> labels = List.of(values).stream().map(NeuronCommand::label).toList();
        throw new ParameterException(
                spec.commandLine(), option + " is '" + text + "': it must be one of " + String.join(", ", labels));
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One version for all modes of the program. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Versions.line("neuron")};
        }
    }
}
