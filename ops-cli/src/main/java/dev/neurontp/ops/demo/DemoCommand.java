package dev.neurontp.ops.demo;

import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.harness.smoke.SmokeRun;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings up a pool on this host and takes it down again, showing each step. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a pool on this host and takes it down again, step by step.",
            "Rank 0 is tpctl itself, the others are real worker processes. They talk over the loopback communicator,",
            "so no GPU is needed."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final int MOST = 64;
    private static final Duration WORDS = Duration.ofSeconds(1);

    private final Terminal terminal;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "3",
            description = "The number of ranks, 1 to 64. Default: 3.")
    int size;

    /** Prints to {@code terminal}. */
    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SmokeRun run = prepare();
        DemoReport story = new DemoReport(terminal, size);
        new ExitHook("shutdown", () -> interrupt(story, run)).install();
        try {
            story.begin();
            run.run(story);
            story.end();
            return ExitCode.OK;
        } catch (PoolException e) {
            story.failed(e);
            return ExitCode.FAILED;
        } catch (InterruptedException _) {
            return ExitCode.FAILED; // it is told as interrupted, and the process ends by the signal
        } finally {
            story.over();
        }
    }

    /** Nobody may read stdout any more: the workers end all the same. */
    private static void interrupt(DemoReport story, SmokeRun run) {
        try {
            DaemonThread.runWithin(WORDS, "interrupted", story::interrupted);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        run.interrupt();
    }

    private SmokeRun prepare() {
        try {
            if (size > MOST) {
                throw new IllegalArgumentException(
                        "the demo brings up at most " + MOST + " ranks, since each is a process of this host");
            }
            PoolOptions options = PoolOptions.DEFAULT.withCommunicator(Communicators.withoutGpu());
            return new SmokeRun(NeuronLauncher.neuron(), size, WorkerPool.firstDevices(size), options);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--size is " + size + ": " + e.getMessage(), e);
        }
    }
}
