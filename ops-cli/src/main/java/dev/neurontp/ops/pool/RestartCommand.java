package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.FirstAnswers;
import dev.neurontp.ops.client.ReplacementTimes;
import dev.neurontp.ops.client.SilentHosts;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Starts a pool anew. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = {
            "Starts another pool by the plan of a pool, under its name.",
            "A live pool is shut down in order first. The new one has another id and is not joined: init comes next. Prints"
                    + " 'pool/NAME restarted' when its processes exist; with --wait when every rank has answered."
        })
public final class RestartCommand implements Callable<Integer> {

    private final Screen screen;

    @Mixin
    PoolArgument target;

    @Option(names = "--wait", description = "Wait until every rank has answered, as long as --timeout says (60s).")
    boolean wait;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only the new id.")
    boolean quiet;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public RestartCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        output.requireNot(quiet);
        PoolRef found = target.toActOn();
        Daemon daemon = found.daemon();
        if (found.endsWithItsDaemon()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the pool " + found.title() + " is one of tpctl up, whose daemon ends with it",
                    "End it (tpctl shutdown " + found.id() + ") and bring up a new one.");
        }
        long began = System.nanoTime();
        ReplacementTimes times = ReplacementTimes.of(target.connect(), wait);
        CompletableFuture<JsonNode> answer = daemon.start(
                "POST",
                found.path("/restart") + "?wait=" + Durations.format(times.firstAnswers()),
                null,
                times.answer());
        new Progress(screen).during(answer, () -> "restarting pool " + found.title());
        JsonNode json = FirstAnswers.later(daemon, SilentHosts.awaitRestart(daemon, found.id(), answer), times.later());
        PoolView pool = daemon.read(json, PoolView.class);
        if (output.json()) {
            screen.line(ApiJson.text(PoolRef.signed(json, daemon)));
        } else {
            screen.line(quiet ? pool.id() : "pool/" + pool.name().orElse(pool.id()) + " restarted");
        }
        if (wait) {
            FirstAnswers.requireUp(daemon, json, times.whole(), AskedWait.since(began));
        }
        return ExitCode.OK;
    }
}
