package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.OperationView.RankTime;
import dev.neurontp.harness.api.OperationView.Result;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The output of ping: one line per round, and the sums once at the end, whichever thread ends it. */
final class PingReport {
    private static final String NOT_PINGED = "not pinged: ";

    private final Screen screen;
    private final String pool;
    private final boolean json;
    private final long start = System.nanoTime();
    private final List<Double> times = new ArrayList<>();
    private int round;
    private int rounds;
    private int busy;
    private boolean over;

    PingReport(Screen screen, String pool, boolean json) {
        this.screen = screen;
        this.pool = pool;
        this.json = json;
    }

    /** Ends the rounds where nobody reads of them. */
    void requireReader() {
        screen.requireReader();
    }

    /** A round begins. Until it is answered or lost it is not in the sums: at Ctrl-C one is under way. */
    synchronized void asked() {
        round++;
    }

    synchronized void answered(JsonNode reply, Result result) {
        if (over) {
            return;
        }
        rounds++;
        times.add(result.tookMs());
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("round", round);
            line.put("pool", pool);
            line.put("result", reply.path("result"));
            screen.line(ApiJson.text(line));
        } else {
            List<RankTime> ranks = result.ranks().orElse(List.of());
            String slowest = ranks.stream()
                    .max(Comparator.comparingDouble(RankTime::tookMs))
                    .map(rank -> ", the last was rank " + rank.rank() + Ranks.on(rank.host()))
                    .orElse("");
            screen.line(pool + ": round " + round + ", "
                    + HumanText.count(ranks.size(), "pong", "pongs") + " in "
                    + Durations.measured(result.tookMs())
                    + slowest);
        }
    }

    synchronized void lost(String reason) {
        if (!over) {
            rounds++;
            line("lost", reason, screen.terminal().red("lost") + ": " + reason);
        }
    }

    /** It was not pinged. */
    synchronized void busy(String reason) {
        if (!over) {
            rounds++;
            busy++;
            line("busy", reason, NOT_PINGED + reason);
        }
    }

    /** The daemon did not begin it, for another reason than a busy pool: no rank was asked, so it is not in the sums. */
    synchronized void refused(String reason) {
        if (!over) {
            line("refused", reason, NOT_PINGED + reason);
        }
    }

    private void line(String field, String reason, String text) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("round", round);
            line.put("pool", pool);
            line.put(field, reason);
            screen.line(ApiJson.text(line));
        } else {
            screen.line(pool + ": round " + round + ", " + text);
        }
    }

    synchronized void sums() {
        if (over || rounds == 0) {
            return;
        }
        over = true;
        double seconds = (System.nanoTime() - start) / 1e9;
        PingStatistics summary = PingStatistics.of(rounds, busy, times);
        if (json) {
            screen.line(ApiJson.text(Map.of("pool", pool, "summary", summary)));
        } else {
            screen.line("");
            screen.line("--- " + pool + " ping statistics ---");
            screen.line(String.format(
                    Locale.ROOT,
                    "%s, %d answered, %s%.4g%% loss, time %.1f s",
                    HumanText.count(rounds, "round", "rounds"),
                    times.size(),
                    busy == 0 ? "" : busy + " busy, ",
                    summary.lossPercent(),
                    seconds));
            if (!times.isEmpty()) {
                screen.line(String.format(
                        Locale.ROOT,
                        "round trip min/avg/p99/max = %.2f/%.2f/%.2f/%.2f ms",
                        summary.minMs(),
                        summary.avgMs(),
                        summary.p99Ms(),
                        summary.maxMs()));
            }
        }
        screen.out().flush();
    }
}
