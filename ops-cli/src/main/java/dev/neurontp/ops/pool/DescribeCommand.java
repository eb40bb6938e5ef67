package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows all that is known of one pool, and what happened to it. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a pool as status -o wide does, then the last lines that each rank wrote, then its events.",
            "A pool that is in no list any more is shown as it was written down, also where no daemon runs.",
            "Exit code 1 when the pool has failed, or not every rank was seen to end. What cannot be"
                    + " shown of its events is said, with the exit code of that where it would be 0."
        })
public final class DescribeCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    PoolArgument target;

    /** Prints to {@code screen}. */
    public DescribeCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        ShownPool found = target.toShow();
        Duration timeout = target.connect().readTimeout();
        PoolView pool = found.read(found.view(timeout), PoolView.class);
        new StatusPage(screen, found.origin(), Instant.now(), screen.columns(), true)
                .print(pool, found.endsWithItsDaemon());
        pool.ranks().forEach(this::lastLines);
        int code = pool.failed() || pool.lost() ? ExitCode.FAILED : ExitCode.OK;
        try {
            events(found, timeout);
        } catch (CommandException e) {
            screen.line("  not shown: " + e.getMessage());
            if (code == ExitCode.OK) {
                throw e;
            }
        }
        return code;
    }

    private void lastLines(PoolView.Rank rank) {
        List<String> lines = rank.stderr();
        if (!lines.isEmpty()) {
            screen.line("");
            screen.line("Last lines of rank " + rank.rank() + Ranks.on(rank.host()) + ":");
            lines.forEach(line -> screen.line("  " + line));
        }
    }

    private void events(ShownPool found, Duration timeout) throws InterruptedException {
        EventLine line = new EventLine(screen.terminal());
        screen.line("");
        screen.line("Events:");
        try {
            found.events(timeout, false, said -> {
                EventView event = found.read(said, EventView.class);
                if (!EventLine.isToldBySucceeding(event)) {
                    screen.line("  " + line.of(event));
                }
            });
        } catch (ApiErrorException e) {
            throw ApiErrors.explain(e);
        }
    }
}
