package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.FirstAnswers;
import dev.neurontp.ops.client.SilentHosts;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Asks a daemon for a new pool. */
public final class PoolCreation {
    private final Screen screen;
    private final Daemon daemon;
    private final boolean fromFile;

    /**
     * Asks nothing yet.
     *
     * @param fromFile whether the pool stands in a file: what is refused is a field then, and no option
     */
    public PoolCreation(Screen screen, Daemon daemon, boolean fromFile) {
        this.screen = screen;
        this.daemon = daemon;
        this.fromFile = fromFile;
    }

    /**
     * Returns when its processes exist; whether they answer is not known yet.
     *
     * @param timeout how long the daemon's answer may take
     * @return the pool as the daemon describes it
     */
    public JsonNode start(PoolRequest request, Duration timeout) {
        return answered(request, daemon.start("POST", "/pools", request.given(), timeout));
    }

    /**
     * What would come of it; nothing is started.
     *
     * @param timeout how long the daemon's answer may take
     * @return what would be done, as the daemon says it
     */
    JsonNode dryRun(PoolRequest request, Duration timeout) {
        return answered(request, daemon.start("POST", "/pools?dry_run=true", request.given(), timeout));
    }

    /**
     * Returns when every rank has answered.
     *
     * @return the pool as the daemon describes it
     * @throws CommandException when they have not within {@code timeout}, and the pool stays, or when it has ended
     * @throws ApiErrorException when it has failed
     */
    public JsonNode complete(PoolRequest request, Duration timeout) throws InterruptedException {
        Duration wait = FirstAnswers.inOneRequest(timeout);
        long start = System.nanoTime();
        CompletableFuture<JsonNode> answer = daemon.start(
                "POST", "/pools?wait=" + Durations.format(wait), request.given(), wait, FirstAnswers.GRACE);
        new Progress(screen).during(answer, () -> {
            Duration gone = Duration.ofNanos(System.nanoTime() - start);
            return "bringing up " + HumanText.count(request.worldSize(), "rank", "ranks") + ": " + Durations.span(gone)
                    + ", at most " + Durations.span(wait.minus(gone)) + " left";
        });
        JsonNode created = FirstAnswers.later(daemon, answered(request, answer), timeout.minus(wait));
        return FirstAnswers.requireUp(daemon, created, timeout, AskedWait.since(start));
    }

    private JsonNode answered(PoolRequest request, CompletableFuture<JsonNode> answer) {
        try {
            return SilentHosts.await(daemon, request, answer);
        } catch (ApiErrorException e) {
            throw fromFile ? e : OptionWords.of(e);
        }
    }
}
