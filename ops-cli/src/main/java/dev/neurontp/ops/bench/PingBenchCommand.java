package dev.neurontp.ops.bench;

import dev.neurontp.harness.bench.PingBench;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** How long it takes to ping every worker of a pool at once. */
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        description = {
            "Brings up a pool of each size, pings all of its workers at once, again and again, and takes it down.",
            "Rank 0 is tpctl itself and is not asked: a size of 33 means 32 worker processes."
        })
final class PingBenchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            defaultValue = "2,8,33",
            description = "World sizes, each at least 1. Default: 2,8,33.")
    private List<Integer> sizes;

    @Option(
            names = "--warmup",
            paramLabel = "ROUNDS",
            defaultValue = "2000",
            description = "Rounds that do not count. Default: 2000.")
    private int warmup;

    @Option(
            names = "--rounds",
            paramLabel = "ROUNDS",
            defaultValue = "3000",
            description = "Rounds that count. Default: 3000.")
    private int rounds;

    @Parameters(paramLabel = "COMMAND", description = "The worker's program, after --. Default: our own neuron.")
    private List<String> command = List.of();

    PingBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            PingBench bench = new PingBench(command.isEmpty() ? NeuronLauncher.neuron() : command, warmup, rounds);
            terminal.line(row("world", "p50", "p99", "worst", "spawn to pongs"));
            for (int size : sizes) {
                terminal.passing("… " + size);
                terminal.line(row(bench.run(size, PoolOptions.DEFAULT)));
            }
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            terminal.err().println("tpctl bench ping: " + e.getMessage());
            return ExitCode.COULD_NOT_RUN;
        } catch (PoolException e) {
            terminal.err().println("tpctl bench ping: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static String row(PingBench.Result result) {
        return row(
                String.valueOf(result.worldSize()),
                millis(result.p50()),
                millis(result.p99()),
                millis(result.worst()),
                millis(result.ready()));
    }

    private static String row(String world, String p50, String p99, String worst, String ready) {
        return String.format(Locale.ROOT, "%5s %12s %12s %12s %16s", world, p50, p99, worst, ready);
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.3f ms", duration.toNanos() / 1e6);
    }
}
