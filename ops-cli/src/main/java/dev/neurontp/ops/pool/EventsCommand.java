package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows what happened to pools. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what happened: every change of state, of one pool or of all.",
            "As far back as the daemons remember, or as it was written down of one pool that is in no list any more. With -f goes on with what comes, until the pool has been taken away or the daemon stops."
        })
public final class EventsCommand implements Callable<Integer> {
    private final Screen screen;
    private final EventLine lines;

    @Mixin
    PoolArgument target;

    @Option(
            names = {"-f", "--follow"},
            description = "Stay, and show what comes.")
    boolean follow;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public EventsCommand(Screen screen) {
        this.screen = screen;
        this.lines = new EventLine(screen.terminal());
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration answer = target.connect().readTimeout();
        if (target.id() != null) {
            ShownPool found = target.toShow();
            found.events(answer, follow, said -> show(found.read(said, EventView.class), found.signed(said)));
            return ExitCode.OK;
        }
        all(target.connect().daemons());
        return ExitCode.OK;
    }

    private void all(List<Daemon> daemons) throws InterruptedException {
        Executor streams = DaemonThread.virtual("events");
        CompletableFuture<?>[] shown = daemons.stream()
                .map(daemon -> CompletableFuture.runAsync(() -> showUninterrupted(daemon), streams))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(shown);
        for (CompletableFuture<?> one : shown) {
            // The others go on, perhaps for ever.
            CompletableFuture<?> _ = one.whenComplete((_, e) -> {
                if (e != null) {
                    all.completeExceptionally(e);
                }
            });
        }
        try {
            all.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException reason) {
                throw reason;
            }
            throw new IllegalStateException("the stream of events ended unexpectedly", e);
        }
    }

    private void showUninterrupted(Daemon daemon) {
        try {
            PoolRef.events(
                    daemon,
                    "/events",
                    target.connect().readTimeout(),
                    follow,
                    said -> show(daemon.read(said, EventView.class), PoolRef.signed(said, daemon)));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void show(EventView event, JsonNode signed) {
        if (output.json()) {
            screen.line(ApiJson.text(signed));
        } else if (!EventLine.isToldBySucceeding(event)) {
            screen.line(lines.of(event));
        }
        screen.requireReader();
    }
}
