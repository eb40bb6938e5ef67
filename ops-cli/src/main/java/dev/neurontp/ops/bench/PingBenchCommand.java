package dev.neurontp.ops.bench;

import dev.neurontp.harness.bench.Floors;
import dev.neurontp.harness.bench.PingBench;
import dev.neurontp.harness.pool.PoolException;
import dev.neurontp.harness.pool.PoolOptions;
import dev.neurontp.harness.pool.WorkerPool;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "Rank 0 is tpctl itself and is not asked: a size of 33 means 32 worker processes.",
            "p50, p99 and worst are of the rounds after the warm-up. 1 to 50 and 1 to 500 are the medians of the first rounds after the"
                    + " start, warm-up or not. spawn is the time from the start to the first pong of all, shutdown that from asking all"
                    + " to leave to the end of the last."
        })
final class PingBenchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            defaultValue = "2,8,33",
            description = "World sizes, each from 1 to 1024. Default: 2,8,33.")
    List<Integer> sizes;

    @Option(
            names = "--warmup",
            paramLabel = "ROUNDS",
            defaultValue = "2000",
            description = "Rounds before those of p50, p99 and worst. Default: 2000.")
    int warmup;

    @Option(
            names = "--rounds",
            paramLabel = "ROUNDS",
            defaultValue = "3000",
            description = "Rounds of p50, p99 and worst, at most 10000000. Default: 3000.")
    int rounds;

    @Option(
            names = "--floor",
            description =
                    "After each pool one of a worker in C, which does next to nothing, and how many times that it was. Needs gcc.")
    boolean floor;

    @Mixin
    OutputOptions output;

    @Parameters(paramLabel = "COMMAND", description = "The worker's program, after --. Default: our own neuron.")
    List<String> command = List.of();

    PingBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            sizes.forEach(WorkerPool::firstDevices); // refused before anything is measured
            List<String> worker = command.isEmpty() ? NeuronLauncher.neuron() : command;
            PingBench bench = new PingBench(worker, warmup, rounds);
            PingBenchReport report = new PingBenchReport(terminal, output.json(), warmup);
            if (floor) {
                try (Floors floors = new Floors()) {
                    Path program = floors.compiled()
                            .orElseThrow(
                                    () -> new IOException(
                                            "there is no gcc that makes the worker in C: install one, look whether /tmp is full, or leave --floor away"));
                    measure(report, bench, Optional.of(new PingBench(List.of(program.toString()), warmup, rounds)));
                }
            } else {
                measure(report, bench, Optional.empty());
            }
            return report.allInOrder() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN, e.getMessage(), "Change what it names, then measure again.", e);
        } catch (PoolException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    e.getMessage(),
                    "What is wrong with the worker: tpctl conformance run -- COMMAND.",
                    e);
        }
    }

    private void measure(PingBenchReport report, PingBench bench, Optional<PingBench> compared)
            throws PoolException, IOException, InterruptedException {
        report.head();
        for (int size : sizes) {
            terminal.passing("… " + size);
            PingBench.Result result = bench.run(size, PoolOptions.DEFAULT);
            report.row("worker", bench.command(), result);
            if (compared.isPresent()) {
                PingBench.Result least = compared.get().run(size, PoolOptions.DEFAULT);
                report.row("C", compared.get().command(), least);
                report.ratio(result, least);
            }
        }
    }
}
