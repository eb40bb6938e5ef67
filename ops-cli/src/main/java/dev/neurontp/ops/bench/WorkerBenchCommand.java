package dev.neurontp.ops.bench;

import dev.neurontp.harness.bench.Metric;
import dev.neurontp.harness.bench.WorkerBench;
import dev.neurontp.harness.process.NeuronLauncher;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What one worker takes from its start to its end. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a worker again and again: first reply, first pings, warm ones, its end.",
            "In turn with what it is compared to: cat, a worker in C where there is gcc, and a JVM that echoes. In brackets: how many times"
                    + " that of the first of them.",
            "Each process is pinged " + WorkerBench.PINGS + " times and has " + WorkerBench.LIMIT_SECONDS
                    + " s for it; another one is asked to leave. Each has " + WorkerBench.EXIT_SECONDS
                    + " s to end. A worker that is slower is measured by tpctl bench ping --rounds N.",
            "CPU time, switches, reads, writes, memory and SIGTERM are those of the process that is started: of a worker that a script"
                    + " starts without exec there are none."
        })
final class WorkerBenchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "9",
            description = "How often each program is started; medians are shown. Default: 9.")
    int runs;

    @Mixin
    OutputOptions output;

    @Parameters(
            paramLabel = "COMMAND",
            description = "The worker's program, after --; several with -- between them. Default: our own neuron.")
    List<String> words = List.of();

    WorkerBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            print(new WorkerBench(words.isEmpty() ? List.of(NeuronLauncher.neuron()) : commands(words), runs).run());
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (FileSystemException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN, e.getMessage(), "Change what it names, then measure again.", e);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    e.getMessage(),
                    "What is wrong with the worker: tpctl conformance run -- COMMAND.",
                    e);
        }
    }

    private static List<List<String>> commands(List<String> words) {
        List<List<String>> commands = new ArrayList<>(List.of(new ArrayList<>()));
        for (String word : words) {
            if (word.equals("--")) {
                commands.add(new ArrayList<>());
            } else {
                commands.getLast().add(word);
            }
        }
        return commands;
    }

    private void print(List<WorkerBench.Result> results) {
        WorkerBench.Result floor = results.getFirst();
        results.stream()
                .filter(WorkerBench.Result::ofChild)
                .forEach(
                        result -> terminal.err()
                                .println(
                                        "tpctl bench worker: "
                                                + result.command().getFirst()
                                                + " starts its worker as a child, so what is measured of a process is left out: let it exec the worker"));
        if (output.json()) {
            results.forEach(result -> terminal.line(ApiJson.text(json(result, floor))));
            return;
        }
        StringBuilder head = new StringBuilder(String.format("%-26s", ""));
        results.forEach(result -> head.append(String.format(" %12s", result.name())));
        terminal.line(head.toString());
        for (Metric metric : Metric.values()) {
            StringBuilder row = new StringBuilder(String.format("%-26s", metric.title()));
            results.forEach(result -> row.append(String.format(" %12s", cell(result, floor, metric))));
            terminal.line(row.toString());
        }
    }

    private static String cell(WorkerBench.Result result, WorkerBench.Result floor, Metric metric) {
        Double median = result.medians().get(metric);
        if (median == null) {
            return "-";
        }
        String ratio = result.equals(floor)
                ? ""
                : result.over(floor, metric)
                        .map(over -> String.format(Locale.ROOT, " (%.3g)", over))
                        .orElse("");
        return String.format(Locale.ROOT, "%.1f%s", median, ratio);
    }

    private Map<String, Object> json(WorkerBench.Result result, WorkerBench.Result floor) {
        Map<String, Object> ratios = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            result.over(floor, metric).ifPresent(over -> ratios.put(metric.field(), over));
        }
        Map<String, Object> medians = new LinkedHashMap<>();
        result.medians().forEach((metric, median) -> medians.put(metric.field(), median));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "worker");
        line.put("program", result.name());
        line.put("command", result.command());
        line.put("floor", result.floor());
        line.put("runs", runs);
        line.put("cores", Runtime.getRuntime().availableProcessors());
        line.put("medians", medians);
        line.put("over_" + floor.name(), ratios);
        return line;
    }
}
