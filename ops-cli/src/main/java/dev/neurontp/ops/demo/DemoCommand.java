package dev.neurontp.ops.demo;

import dev.neurontp.harness.OwnCommand;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.smoke.SmokeRun;
import dev.neurontp.ops.ExitCode;
import dev.neurontp.ops.Terminal;
import dev.neurontp.worker.comm.CommunicatorKind;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
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
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(names = "--size", paramLabel = "N", defaultValue = "3", description = "The number of ranks. Default: 3.")
    private int size;

    /** Prints to {@code terminal}. */
    public DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Long> devices = LongStream.range(0, Math.max(0, size)).boxed().toList();
        PoolOptions options = PoolOptions.DEFAULT.withCommunicator(CommunicatorKind.LOOPBACK);
        SmokeRun run = new SmokeRun(OwnCommand.neuron(), size, devices, options);
        DemoStory story = new DemoStory(terminal, size);
        Thread hook = new Thread(
                () -> {
                    story.interrupted();
                    run.interrupt();
                },
                "shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            story.begin();
            run.run(story);
            story.end();
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--size is " + size + ": " + e.getMessage(), e);
        } catch (PoolException e) {
            story.failed(e);
            return ExitCode.FAILED;
        } finally {
            story.over();
        }
    }
}
