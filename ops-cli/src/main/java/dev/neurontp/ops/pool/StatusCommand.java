package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Shows all that is known of one pool. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows a pool and its ranks, and when it has failed, why.",
            "Exit code 1 when the pool has failed."
        })
public final class StatusCommand implements Callable<Integer> {
    private final Screen screen;

    @Mixin
    private PoolArgument target;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}. */
    public StatusCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        PoolRef found = target.toRead();
        JsonNode json = found.daemon().get(found.path(""), target.connect().readTimeout());
        PoolView pool = found.daemon().read(json, PoolView.class);
        if (output.json()) {
            screen.line(ApiJson.text(PoolRef.signed(json, found.daemon())));
        } else {
            new StatusPage(screen, found.daemon(), Instant.now()).print(pool);
        }
        return pool.failed() ? ExitCode.FAILED : ExitCode.OK;
    }
}
