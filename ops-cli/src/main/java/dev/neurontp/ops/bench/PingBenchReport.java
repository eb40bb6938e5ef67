package dev.neurontp.ops.bench;

import dev.neurontp.harness.bench.PingBench;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The output of bench ping: a row for each pool, or a JSON object. */
final class PingBenchReport {
    private final Terminal terminal;
    private final boolean json;

    PingBenchReport(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    void head() {
        if (!json) {
            line("world", List.of("p50", "p99", "worst", "1 to 50", "1 to 500", "spawn", "shutdown"));
        }
    }

    /** One pool of that program. */
    void row(String program, List<String> command, PingBench.Result result) {
        if (!json) {
            String world = String.valueOf(result.worldSize());
            line(
                    program.equals("worker") ? world : program + " " + world,
                    times(result).values().stream()
                            .map(time -> String.format(Locale.ROOT, "%.3f ms", millis(time)))
                            .toList());
            return;
        }
        Map<String, Object> object = object(program, result);
        object.put("command", command);
        object.put("rounds", result.rounds());
        object.put("cores", Runtime.getRuntime().availableProcessors());
        times(result).forEach((name, time) -> object.put(name, millis(time)));
        terminal.line(ApiJson.text(object));
    }

    /** How many times that of the worker in C the other took. */
    void ratio(PingBench.Result result, PingBench.Result floor) {
        Map<String, Duration> least = times(floor);
        Map<String, Object> object = object("worker/C", result);
        times(result)
                .forEach((name, time) -> object.put(
                        name.replace("_ms", ""),
                        time.toNanos() / (double) Math.max(1, least.get(name).toNanos())));
        if (json) {
            terminal.line(ApiJson.text(object));
            return;
        }
        line(
                "/ C",
                object.values().stream()
                        .filter(Double.class::isInstance)
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", (Double) ratio))
                        .toList());
    }

    private static Map<String, Object> object(String program, PingBench.Result result) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("bench", "ping");
        object.put("program", program);
        object.put("world", result.worldSize());
        return object;
    }

    /** In the order of the columns. */
    private static Map<String, Duration> times(PingBench.Result result) {
        Map<String, Duration> times = new LinkedHashMap<>();
        times.put("p50_ms", result.p50());
        times.put("p99_ms", result.p99());
        times.put("worst_ms", result.worst());
        times.put("rounds_1_to_50_ms", result.first50());
        times.put("rounds_1_to_500_ms", result.first500());
        times.put("spawn_to_pongs_ms", result.ready());
        times.put("shutdown_ms", result.shutdown());
        return times;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private void line(String world, List<String> cells) {
        StringBuilder line = new StringBuilder(String.format("%5s", world));
        cells.forEach(cell -> line.append(String.format(" %9s", cell)));
        terminal.line(line.toString());
    }
}
