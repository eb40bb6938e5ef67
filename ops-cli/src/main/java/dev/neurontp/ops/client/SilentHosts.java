package dev.neurontp.ops.client;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Tells hosts that are not heard from a daemon that does not answer: it answers a request for a pool on other hosts when their agents
 * were heard, which may take longer than anybody waits. So may the end of the pool that another one replaces.
 */
public final class SilentHosts {
    /** Whoever waits has waited as long as asked for already. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private SilentHosts() {}

    /** What the daemon answers to a request for that pool. */
    public static JsonNode await(Daemon daemon, PoolRequest request, CompletableFuture<JsonNode> answer) {
        boolean elsewhere = !request.hosts().orElse(List.of()).isEmpty();
        Optional<String> name = request.name();
        return await(
                daemon,
                request.launcher().orElse(""),
                answer,
                pool -> name.isPresent() && name.get().equals(name(pool)),
                (pool, _) -> elsewhere
                        && name.orElse("").equals(name(pool))
                        && request.worldSize() == pool.path("world_size").asInt(0));
    }

    /** What the daemon answers to a request to start a pool anew. */
    public static JsonNode awaitRestart(Daemon daemon, String id, CompletableFuture<JsonNode> answer) {
        return await(
                daemon,
                "",
                answer,
                pool -> id.equals(pool.path("id").asString("")),
                // A pool on the daemon's own host has its processes at once.
                (pool, others) -> pool.path("pids").isEmpty()
                        && others.stream()
                                .filter(other -> id.equals(other.path("id").asString("")))
                                .allMatch(replaced -> isLike(pool, replaced)));
    }

    private static boolean isLike(JsonNode pool, JsonNode other) {
        return name(pool).equals(name(other)) && pool.path("world_size").equals(other.path("world_size"));
    }

    /**
     * Explains a timeout by the daemon's pools.
     *
     * @param launcher the name of its launcher; empty where that is not known
     * @param isReplaced whether a pool that is being shut down is the one that goes before
     * @param waitsForHosts whether a pool that is being started may be the one that was asked for, by all pools, and its hosts are not heard
     */
    private static JsonNode await(
            Daemon daemon,
            String launcher,
            CompletableFuture<JsonNode> answer,
            Predicate<JsonNode> isReplaced,
            BiPredicate<JsonNode, List<JsonNode>> waitsForHosts) {
        try {
            return Daemon.await(answer);
        } catch (CommandException e) {
            if (e.exitCode() != ExitCode.TIMED_OUT) {
                throw e;
            }
            List<JsonNode> pools = pools(daemon);
            for (JsonNode pool : pools) {
                if (is(pool, PoolView.State.STOPPING) && isReplaced.test(pool)) {
                    throw stillThere(pool.path("id").asString(""), e);
                }
            }
            List<String> silent = pools.stream()
                    .filter(pool -> is(pool, PoolView.State.STARTING) && waitsForHosts.test(pool, pools))
                    .map(pool -> pool.path("id").asString(""))
                    .toList();
            throw silent.isEmpty() ? e : notHeard(silent.size() == 1 ? silent.getFirst() : "", launcher, e);
        }
    }

    private static CommandException stillThere(String id, CommandException cause) {
        String shown = ForeignText.of(id, ForeignText.NAME);
        return new CommandException(
                ExitCode.TIMED_OUT,
                "the pool " + shown + " is still being shut down; after that the new one is started",
                "Look at it with tpctl status " + shown + ". Else give it longer with --timeout.",
                cause);
    }

    /**
     * That the pool is still being started.
     *
     * @param id its id; empty where several are being started, and it may be any of them
     * @param launcher the name of its launcher; empty where that is not known
     */
    public static CommandException notHeard(String id, String launcher, Exception cause) {
        String shown = ForeignText.of(id, ForeignText.NAME);
        return new CommandException(
                ExitCode.TIMED_OUT,
                "the pool " + (shown.isEmpty() ? "" : shown + " ")
                        + "is still being started: not all of its hosts were heard",
                (shown.isEmpty()
                                ? "tpctl ls shows it. "
                                : "Wait for it: tpctl wait --for ready " + shown
                                        + ". What its launchers say: tpctl logs " + shown + ". End it: tpctl kill "
                                        + shown + ".\n")
                        + "What is wrong with the hosts: tpctl preflight with the same --hosts, --launcher "
                        + (launcher.isEmpty() ? "NAME" : ForeignText.of(launcher, ForeignText.NAME))
                        + " and the daemon's --config FILE.",
                cause);
    }

    private static String name(JsonNode pool) {
        return pool.path("name").asString("");
    }

    private static boolean is(JsonNode pool, PoolView.State state) {
        return pool.path("state").asString("").equals(state.label());
    }

    /** None where it is the daemon that does not answer. */
    private static List<JsonNode> pools(Daemon daemon) {
        try {
            return daemon.pools(LOOK).join().path("pools").valueStream().toList();
        } catch (CompletionException _) {
            return List.of();
        }
    }
}
