package dev.neurontp.ops.validate;

import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.validate.Bars;
import dev.neurontp.harness.validate.Baseline;
import dev.neurontp.harness.validate.GpuWatch;
import dev.neurontp.harness.validate.HostCheck;
import dev.neurontp.harness.validate.OwnPool;
import dev.neurontp.harness.validate.Plan;
import dev.neurontp.harness.validate.ValidationRun;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the pool is started that a validation brings up for itself. */
final class OwnPoolOptions {
    /** Those that say nothing of a pool that is up already. */
    static final List<String> NAMES = List.of("--size", "--devices", "--communicator", "--shared-gpu", "--skip-doctor");

    private static final Duration INIT = Duration.ofMinutes(3);

    @Option(
            names = {"-n", "--size"},
            paramLabel = "N",
            description = "The number of ranks. Default: the GPUs of this host; 2 without GPUs.")
    Integer size;

    @Option(
            names = "--devices",
            paramLabel = "D",
            split = ",",
            description = "The GPU of each rank, rank 0's first: 0,1. Default: 0 to N-1.")
    List<Long> devices = List.of();

    @Option(
            names = "--communicator",
            paramLabel = "NAME",
            defaultValue = "${env:NEURON_TP_COMMUNICATOR:-nccl}",
            completionCandidates = CommunicatorNames.class,
            description = "One of ${COMPLETION-CANDIDATES}; loopback needs no GPU and says nothing of hardware."
                    + " Default: NEURON_TP_COMMUNICATOR, else nccl.")
    String communicator;

    @Option(
            names = "--skip-doctor",
            description = "Do not look at this host's files before the start, and start whatever they say.")
    boolean skipDoctor;

    @Option(
            names = "--shared-gpu",
            description = "Several ranks may have one GPU, for their data only: nothing is measured then.")
    boolean sharedGpu;

    /**
     * All that a run of such a pool needs to know.
     *
     * @param command of its workers; empty for our own
     * @throws IllegalArgumentException for options that contradict each other
     * @throws CommandException where this host has not what they need
     */
    ValidationRun.Setup setup(
            List<String> command, PlanOptions planOptions, BarOptions barOptions, Optional<Duration> longest) {
        CommunicatorProvider provider = Communicators.named("--communicator", communicator);
        int ranks = ranks(provider);
        Plan plan = planOptions.plan(ranks);
        Bars bars = barOptions.bars(plan);
        if (!provider.needsGpu() && !bars.isEmpty()) {
            throw new IllegalArgumentException(Bars.OPTION + " and " + Baseline.OPTION + " want hardware, and "
                    + provider.name() + " has none: leave them out");
        }
        if (command.isEmpty()) {
            requireLibraries(provider);
        }
        List<Long> own = devices.isEmpty() ? WorkerPool.firstDevices(ranks) : devices;
        if (own.size() != ranks) {
            throw new IllegalArgumentException(
                    "--devices names " + own.size() + " devices for " + ranks + " ranks: every rank has one");
        }
        guard();
        return new ValidationRun.Setup(
                new OwnPool(command.isEmpty() ? NeuronLauncher.neuron() : command, own, options(provider, plan)),
                plan,
                bars,
                longest,
                sharedGpu,
                host(provider, own),
                new CudaPeerCopies(Map.of()),
                provider.needsGpu() ? NvmlGpuWatch::start : () -> GpuWatch.none(provider.name() + " uses no GPU"));
    }

    /** The workers may be any program, also one that outlives this process where that is killed. */
    private static void guard() {
        try {
            WorkerGuard.ensure();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "nothing was started, since this host starts no process that would end it: " + e.getMessage(),
                    "",
                    e);
        }
    }

    private HostCheck host(CommunicatorProvider provider, List<Long> own) {
        if (skipDoctor) {
            return HostCheck.skipped("--skip-doctor");
        }
        return provider.needsGpu()
                ? HostRows.of(sharedGpu ? own.stream().distinct().toList() : own)
                : HostCheck.skipped(provider.name() + " uses no GPU");
    }

    /** What our own worker would answer after its start: of another one nothing is known here. */
    private static void requireLibraries(CommunicatorProvider provider) {
        provider.obstacle(System.getenv()).ifPresent(why -> {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    why,
                    "tpctl doctor says more; to compare data without GPUs: --communicator loopback");
        });
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
