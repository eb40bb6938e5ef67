package dev.neurontp.ops.bench;

import dev.neurontp.harness.bench.PingBench;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The output of bench ping: a row for each pool, or a JSON object. */
final class PingBenchReport {
    private final Terminal terminal;
    private final boolean json;
    private final int warmup;
    private boolean inOrder = true;

    PingBenchReport(Terminal terminal, boolean json, int warmup) {
        this.terminal = terminal;
        this.json = json;
        this.warmup = warmup;
    }

    void head() {
        if (!json) {
            line("world", List.of("p50", "p99", "worst", "1 to 50", "1 to 500", "spawn", "shutdown"));
        }
    }

    /** One pool of that program. */
    void row(String program, List<String> command, PingBench.Result result) {
        Optional<RankExit> unclean =
                result.ends().stream().filter(end -> !end.clean()).findFirst();
        inOrder &= unclean.isEmpty();
        unclean.ifPresent(end -> terminal.err()
                .println("tpctl bench ping: rank " + end.rank() + " of the pool of " + result.worldSize()
                        + " did not end in order: " + end.describe()));
        if (!json) {
            String world = String.valueOf(result.worldSize());
            line(
                    program.equals("worker") ? world : program + " " + world,
                    times(result).values().stream()
                            .map(time -> time.map(took -> String.format(Locale.ROOT, "%.3f ms", millis(took)))
                                    .orElse("-"))
                            .toList());
            return;
        }
        Map<String, Object> object = object(program, result);
        object.put("command", command);
        object.put("warmup", warmup);
        object.put("rounds", result.rounds());
        object.put("cores", Runtime.getRuntime().availableProcessors());
        object.put("ended_in_order", unclean.isEmpty());
        times(result).forEach((name, time) -> time.ifPresent(took -> object.put(name, millis(took))));
        terminal.line(ApiJson.text(object));
    }

    /** Whether every rank of every pool ended as it was asked to. */
    boolean allInOrder() {
        return inOrder;
    }

    /** How many times that of the worker in C the other took. */
    void ratio(PingBench.Result result, PingBench.Result floor) {
        Map<String, Optional<Duration>> least = times(floor);
        Map<String, Object> object = object("worker/C", result);
        List<String> cells = new ArrayList<>();
        times(result).forEach((name, time) -> {
            Optional<Double> ratio = time.flatMap(took ->
                    least.get(name).map(other -> took.toNanos() / (double) Math.max(1, other.toNanos())));
            ratio.ifPresent(times -> object.put(name.replace("_ms", ""), times));
            cells.add(ratio.map(times -> String.format(Locale.ROOT, "%.2f", times))
                    .orElse("-"));
        });
        if (json) {
            terminal.line(ApiJson.text(object));
        } else {
            line("/ C", cells);
        }
    }

    private static Map<String, Object> object(String program, PingBench.Result result) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("bench", "ping");
        object.put("program", program);
        object.put("world", result.worldSize());
        return object;
    }

    /** In the order of the columns. */
    private static Map<String, Optional<Duration>> times(PingBench.Result result) {
        Map<String, Optional<Duration>> times = new LinkedHashMap<>();
        times.put("p50_ms", Optional.of(result.p50()));
        times.put("p99_ms", Optional.of(result.p99()));
        times.put("worst_ms", Optional.of(result.worst()));
        times.put("rounds_1_to_50_ms", result.first50());
        times.put("rounds_1_to_500_ms", result.first500());
        times.put("spawn_to_pongs_ms", Optional.of(result.ready()));
        times.put("shutdown_ms", Optional.of(result.shutdown()));
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
