package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.EventStream;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
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
            "Exit code 1 when the pool has failed."
        })
public final class DescribeCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    private PoolArgument target;

    /** Prints to {@code screen}. */
    public DescribeCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolRef found = target.toRead();
        Duration timeout = target.connect().readTimeout();
        PoolView pool = found.view(timeout);
        new StatusPage(screen, found.daemon(), Instant.now(), screen.columns(), true).print(pool);
        pool.ranks().forEach(this::lastLines);
        events(found, timeout);
        return pool.failed() || pool.lost() ? ExitCode.FAILED : ExitCode.OK;
    }

    private void lastLines(PoolView.Rank rank) {
        List<String> lines = rank.stderr();
        if (!lines.isEmpty()) {
            screen.line("");
            screen.line("Last lines of rank " + rank.rank() + ":");
            lines.forEach(line -> screen.line("  " + line));
        }
    }

    private void events(PoolRef found, Duration timeout) throws InterruptedException {
        EventLine line = new EventLine(ZoneId.systemDefault(), screen.terminal());
        screen.line("");
        screen.line("Events:");
        try (EventStream stream = found.daemon().stream(found.path("/events?since=0&follow=false"), timeout, timeout)) {
            for (EventStream.Message message : stream) {
                EventView event = found.daemon().read(message.data(), EventView.class);
                if (!EventLine.isToldBySucceeding(event)) {
                    screen.line("  " + line.of(event));
                }
            }
        } catch (ApiErrorException e) {
            CommandException why = ApiErrors.explain(e);
            screen.line("  not shown: " + why.getMessage());
        }
    }
}
