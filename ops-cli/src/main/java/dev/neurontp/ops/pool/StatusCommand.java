package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.Documents;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.ViewOptions;
import dev.neurontp.ops.console.ViewOptions.Format;
import dev.neurontp.worker.os.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Shows all that is known of one pool. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a pool and its ranks, and when it has failed, why.",
            "With -w goes on, and shows it again when it changes, until the pool has ended and how each rank did is known.",
            "A pool that is in no list any more is shown as it was written down, also where no daemon runs.",
            "Exit code 1 when the pool has failed, or not every rank was seen to end."
        })
public final class StatusCommand implements Callable<Integer> {
    private final Screen screen;

    @Option(
            names = {"-w", "--watch"},
            description = "Stay, and show what changes; looks once a second.")
    boolean watch;

    @Mixin
    PoolArgument target;

    @Mixin
    ViewOptions view;

    /** Prints to {@code screen}. */
    public StatusCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        ShownPool found = target.toShow();
        List<String> shown = List.of();
        while (true) {
            JsonNode json;
            try {
                json = found.view(target.connect().readTimeout());
            } catch (CommandException | ApiErrorException e) {
                String id = found.id();
                boolean seen = !shown.isEmpty();
                found = target.asWrittenDown(found, e).orElseThrow(() -> unseen(id, seen, e));
                continue;
            }
            PoolView pool = found.read(json, PoolView.class);
            List<String> now = states(pool);
            // On a terminal ages and round trips go on, too.
            if (!now.equals(shown) || isRedrawn()) {
                show(found, json, pool, !shown.isEmpty());
                shown = now;
            }
            if (!watch || isComplete(pool)) {
                return pool.failed() || pool.lost() ? ExitCode.FAILED : ExitCode.OK;
            }
            screen.requireReader();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** A pool that was watched, and then removed from the history too. */
    private static RuntimeException unseen(String id, boolean seen, RuntimeException reason) {
        return seen && reason instanceof ApiErrorException
                ? new CommandException(
                        ExitCode.COULD_NOT_RUN,
                        "the pool " + id + " was removed from the list of its daemon before its end was shown here",
                        "A daemon removes a pool only after its end. What is known: tpctl ls --all")
                : reason;
    }

    /** Whether it has ended and how each rank did is known; of one that was written down nothing more will be. */
    private static boolean isComplete(PoolView pool) {
        return pool.over() && (pool.ended().isPresent() || pool.recorded().isPresent());
    }

    private boolean isRedrawn() {
        return watch && screen.terminal().live() && view.format().isTable();
    }

    private void show(ShownPool found, JsonNode json, PoolView pool, boolean again) {
        if (view.format() == Format.NAME) {
            screen.line("pool/" + pool.id());
        } else if (view.format().isTable()) {
            if (isRedrawn()) {
                screen.terminal().clear();
            } else if (again) {
                screen.line("");
            }
            new StatusPage(screen, found.origin(), Instant.now(), view.columns(screen), view.format() == Format.WIDE)
                    .print(pool, found.endsWithItsDaemon());
        } else {
            new Documents(screen, view.format()).print(found.signed(json));
        }
    }

    private static List<String> states(PoolView pool) {
        List<String> ranks = pool.ranks().stream().map(PoolView.Rank::state).toList();
        return List.of(
                pool.state(),
                Boolean.toString(isComplete(pool)),
                String.join(" ", ranks),
                pool.reason().orElse(""),
                pool.busy().map(busy -> busy.op()).orElse(""));
    }
}
