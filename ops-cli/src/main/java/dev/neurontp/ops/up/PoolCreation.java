package dev.neurontp.ops.up;

import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.Pool;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationText;
import dev.neurontp.ops.console.ExitCode;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Brings up a pool in a daemon and waits until every rank has answered. */
final class PoolCreation {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Screen screen;
    private final Daemon daemon;

    PoolCreation(Screen screen, Daemon daemon) {
        this.screen = screen;
        this.daemon = daemon;
    }

    /** The pool as the daemon describes it. */
    JsonNode create(UpOptions plan) throws InterruptedException {
        Duration wait = plan.patience().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : plan.patience();
        long start = System.nanoTime();
        CompletableFuture<JsonNode> answer =
                daemon.start("POST", "/pools?wait=" + DurationText.of(wait), plan.pool(), wait.plus(GRACE));
        new Progress(screen).during(answer, () -> {
            Duration gone = Duration.ofNanos(System.nanoTime() - start);
            return "bringing up " + plan.size() + " ranks: " + HumanText.span(gone) + ", at most "
                    + HumanText.span(wait.minus(gone)) + " left";
        });
        JsonNode made = Daemon.await(answer);
        if (ApiJson.read(made, Pool.class).state().equals("starting")) {
            throw new CommandException(
                    ExitCode.OUT_OF_TIME,
                    "the pool has not come up within " + HumanText.span(wait),
                    "Give it longer with --timeout.");
        }
        return made;
    }
}
