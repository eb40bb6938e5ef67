package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.PoolSummary;
import dev.neurontp.ops.console.CommandException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/**
 * All pools of some daemons, and what kept a daemon from telling.
 *
 * @param replies what each daemon that answered said, as it said it
 * @param troubles one for each daemon that did not
 */
record PoolListing(List<Reply> replies, List<CommandException> troubles) {
    /** What one daemon said. */
    record Reply(Daemon daemon, JsonNode json, List<PoolSummary> pools) {}

    /** As the daemon sends it. */
    record Pools(List<PoolSummary> pools) {}

    /** Asks all at once. */
    static PoolListing of(List<Daemon> daemons, Duration timeout) {
        List<CompletableFuture<JsonNode>> asked = daemons.stream()
                .map(daemon -> daemon.start("GET", "/pools", null, timeout))
                .toList();
        List<Reply> replies = new ArrayList<>();
        List<CommandException> troubles = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            try {
                JsonNode json = Daemon.await(asked.get(i));
                replies.add(new Reply(
                        daemons.get(i), json, ApiJson.read(json, Pools.class).pools()));
            } catch (CommandException e) {
                troubles.add(e);
            } catch (ApiErrorException e) {
                troubles.add(ApiErrors.explain(e));
            }
        }
        return new PoolListing(replies, troubles);
    }

    List<PoolRef> pools() {
        return replies.stream()
                .flatMap(reply -> reply.pools().stream().map(pool -> new PoolRef(reply.daemon(), pool)))
                .toList();
    }
}
