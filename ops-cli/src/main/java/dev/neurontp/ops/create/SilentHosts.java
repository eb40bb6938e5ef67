package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.JsonNode;

/**
 * Tells hosts that are not heard from a daemon that does not answer: it answers a request for a pool on other hosts when their agents
 * were heard, which may take longer than anybody waits.
 */
final class SilentHosts {
    private static final Duration LOOK = Duration.ofSeconds(5);

    private SilentHosts() {}

    /** What the daemon answers to a request for that pool. */
    static JsonNode await(Daemon daemon, PoolRequest request, CompletableFuture<JsonNode> answer) {
        try {
            return Daemon.await(answer);
        } catch (CommandException e) {
            List<String> hosts = request.hosts().orElse(List.of());
            throw e.exitCode() == ExitCode.TIMED_OUT && !hosts.isEmpty() && isStarting(daemon)
                    ? new CommandException(
                            ExitCode.TIMED_OUT,
                            "the pool is still being started: not all of its hosts were heard",
                            "What is wrong with them: tpctl preflight with the same --hosts and --launcher, and the daemon's"
                                    + " --config FILE. Else give it longer with --timeout.",
                            e)
                    : e;
        }
    }

    private static boolean isStarting(Daemon daemon) {
        try {
            return daemon.pools(LOOK)
                    .join()
                    .path("pools")
                    .valueStream()
                    .anyMatch(pool -> pool.path("state").asString("").equals(PoolView.State.STARTING.label()));
        } catch (CompletionException _) {
            return false; // then it is the daemon that does not answer
        }
    }
}
