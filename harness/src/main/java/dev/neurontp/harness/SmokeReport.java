package dev.neurontp.harness;

import dev.neurontp.harness.pool.OperationResult.RankReply;
import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankFailure;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.smoke.SmokeStep;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** What {@code --tp-smoke} prints: one {@code key=value} per line, for scripts. Keys are added, never renamed. */
final class SmokeReport implements Consumer<SmokeStep> {
    private final PrintWriter out;
    private final int worldSize;
    private final String communicator;
    private String step = "spawn";
    private boolean begun;

    SmokeReport(PrintWriter out, int worldSize, String communicator) {
        this.out = out;
        this.worldSize = worldSize;
        this.communicator = communicator;
    }

    @Override
    public void accept(SmokeStep done) {
        print(done.label() + "_ms", millis(done.took()));
        switch (done) {
            case SmokeStep.Spawned spawned -> {
                for (RankSnapshot rank : spawned.ranks()) {
                    rank.process().ifPresent(process -> print("rank_" + rank.rank() + "_pid", process.pid()));
                }
                step = "ping";
            }
            case SmokeStep.Pinged pinged -> {
                times("pong_ms", pinged.result().ranks());
                step = "init";
            }
            case SmokeStep.Joined _ -> step = "sanity";
            case SmokeStep.Checked checked -> {
                print("observed_sum", checked.result().first().observedSum());
                step = "shutdown";
            }
            case SmokeStep.Ended ended -> {
                for (RankExit end : ended.report().ends()) {
                    print("rank_" + end.rank() + "_end", end.describe());
                }
            }
        }
    }

    /** Printed before the status: this run says nothing about hardware. */
    void simulated() {
        print("simulation", "true");
    }

    void ok() {
        print("status", "ok");
    }

    void failed(PoolFailure failure) {
        RankFailure first = failure.first();
        print("failed_rank", first.rank());
        first.errorKind().ifPresent(kind -> print("error_kind", kind));
        first.errorMessage().ifPresent(message -> print("error_message", message));
        print("reason", first.reason());
        failed();
    }

    void failed() {
        print("failed_step", step);
        print("status", "failed");
    }

    private void times(String key, List<? extends RankReply<?>> ranks) {
        for (RankReply<?> rank : ranks) {
            print("rank_" + rank.rank() + "_" + key, millis(rank.took()));
        }
    }

    /** The group comes first, and only when something was started: refused arguments leave stdout empty. */
    private void print(String key, Object value) {
        if (!begun) {
            begun = true;
            print("world_size", worldSize);
            print("communicator", communicator);
        }
        out.println(key + "=" + String.valueOf(value).replace('\n', ' '));
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
    }
}
