package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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
        return all(target.connect().daemons());
    }

    /** One that refuses, or whose stream breaks off, is told at once, and the others go on. */
    private int all(List<Daemon> daemons) throws InterruptedException {
        Executor streams = DaemonThread.virtual("events");
        Queue<CommandException> failures = new ConcurrentLinkedQueue<>();
        CompletableFuture<?>[] shown = daemons.stream()
                .map(daemon -> CompletableFuture.runAsync(() -> showOrTell(daemon, failures), streams))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(shown);
        for (CompletableFuture<?> one : shown) {
            // Where nobody reads what is shown the others would go on, perhaps for ever.
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
        return CommandException.exitCode(List.copyOf(failures));
    }

    private void showOrTell(Daemon daemon, Queue<CommandException> failures) {
        try {
            showUninterrupted(daemon);
        } catch (CommandException e) {
            tell(e, failures);
        } catch (ApiErrorException e) {
            tell(ApiErrors.explain(e), failures);
        }
    }

    private void tell(CommandException failure, Queue<CommandException> failures) {
        failures.add(failure);
        new ErrorOutput(screen.terminal().err(), output.json()).print("tpctl events", failure);
    }

    private void showUninterrupted(Daemon daemon) {
        try {
            PoolRef.events(
                    daemon,
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
