package dev.neurontp.ops.up;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
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
    JsonNode create(UpOptions options) throws InterruptedException {
        Duration wait = options.timeout().compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : options.timeout();
        long start = System.nanoTime();
        CompletableFuture<JsonNode> answer =
                daemon.start("POST", "/pools?wait=" + Durations.format(wait), options.pool(), wait.plus(GRACE));
        new Progress(screen).during(answer, () -> {
            Duration gone = Duration.ofNanos(System.nanoTime() - start);
            return "bringing up " + options.size() + " ranks: " + Durations.span(gone) + ", at most "
                    + Durations.span(wait.minus(gone)) + " left";
        });
        JsonNode created = Daemon.await(answer);
        if (daemon.read(created, PoolView.class).state().equals(PoolView.State.STARTING.label())) {
            throw new CommandException(
                    ExitCode.TIMED_OUT,
                    "the pool has not come up within " + Durations.span(wait),
                    "Give it longer with --timeout.");
        }
        return created;
    }
}
