package dev.neurontp.ops.bench;

import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Terminal;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.EnumMap;
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
import picocli.CommandLine.Spec;

/** What the daemon adds to a ping of a pool, and what it holds. */
@Command(
        name = "daemon",
        mixinStandardHelpOptions = true,
        description = {
            "Starts daemons of its own and pings a pool over HTTP: the first requests, and warm ones.",
            "Beside it what the ranks took of that, and GET /livez, which touches no pool; then the memory of a pool that is left alone"
                    + " and of a connection.",
            "1 to 50 and 1 to 500 are the medians of a daemon's first requests, warm is that of its last 1000, from 1500 on."
        })
final class DaemonBenchCommand implements Callable<Integer> {
    private static final Map<DaemonBench.Part, String> FIELDS = new EnumMap<>(Map.of(
            DaemonBench.Part.FIRST_50,
            "1_to_50",
            DaemonBench.Part.FIRST_500,
            "1_to_500",
            DaemonBench.Part.WARM,
            "warm"));
    private static final double MEBI = 1 << 20;
    private static final double KIBI = 1 << 10;

    private final Terminal terminal;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--sizes",
            paramLabel = "N",
            split = ",",
            defaultValue = "2,8",
            description = "World sizes, each from 1 to 64. Default: 2,8.")
    List<Integer> sizes;

    @Option(
            names = "--rounds",
            paramLabel = "ROUNDS",
            defaultValue = "4000",
            description = "Requests to each daemon, 50 to 1000000. Default: 4000.")
    int rounds;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is measured; medians are shown. Default: 3.")
    int runs;

    @Mixin
    OutputOptions output;

    DaemonBenchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            DaemonBench bench = new DaemonBench(rounds, runs);
            sizes.forEach(DaemonBench::requireWorldSize); // before anything is measured
            if (!output.json()) {
                terminal.line(String.format("%-24s%12s%12s%12s", "ms", "1 to 50", "1 to 500", "warm"));
            }
            times("GET /livez", 0, bench.livez());
            for (int size : sizes) {
                terminal.passing("… " + size);
                DaemonBench.Pings pings = bench.pings(size);
                times("ping over HTTP", size, pings.http());
                times("its ranks", size, pings.pool());
                ratio(size, pings);
            }
            memory(bench.memory());
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
                    "The log of a daemon that is started by hand says more: bin/neuron.",
                    e);
        }
    }

    private void times(String what, int size, DaemonBench.Times times) {
        print(what, size, times, "_ms", "%.3f");
    }

    private void ratio(int size, DaemonBench.Pings pings) {
        print("HTTP / ranks", size, pings.http().over(pings.pool()), "", "%.2f");
    }

    private void print(String what, int size, DaemonBench.Times times, String unit, String format) {
        if (output.json()) {
            Map<String, Object> line = line(what);
            if (size > 0) {
                line.put("world", size);
            }
            times.millis().forEach((part, figure) -> line.put(FIELDS.get(part) + unit, figure));
            terminal.line(ApiJson.text(line));
            return;
        }
        StringBuilder row = new StringBuilder(String.format("%-24s", size == 0 ? what : what + ", " + size));
        FIELDS.keySet().forEach(part -> {
            Double figure = times.millis().get(part);
            row.append(String.format("%12s", figure == null ? "-" : String.format(Locale.ROOT, format, figure)));
        });
        terminal.line(row.toString());
    }

    private void memory(DaemonBench.Memory memory) {
        if (output.json()) {
            Map<String, Object> line = line("memory");
            line.put("resident_mib", memory.idle() / MEBI);
            line.put("pool_kib", memory.pool() / KIBI);
            line.put("connection_kib", memory.connection() / KIBI);
            terminal.line(ApiJson.text(line));
            return;
        }
        terminal.line(String.format(
                Locale.ROOT,
                "resident: %.0f MiB; each idle pool of 2 %.0f KiB, each open connection %.1f KiB",
                memory.idle() / MEBI,
                memory.pool() / KIBI,
                memory.connection() / KIBI));
    }

    private Map<String, Object> line(String what) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "daemon");
        line.put("what", what);
        line.put("runs", runs);
        line.put("rounds", rounds);
        line.put("cores", Runtime.getRuntime().availableProcessors());
        return line;
    }
}
