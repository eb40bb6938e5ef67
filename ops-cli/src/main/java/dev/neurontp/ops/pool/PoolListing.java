package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * All pools of some daemons, and why a daemon did not answer.
 *
 * @param asked all of these daemons, those that did not answer included
 * @param replies what each daemon that answered sent, as it sent it
 * @param failures one for each daemon that did not
 */
record PoolListing(List<Daemon> asked, List<Reply> replies, List<CommandException> failures) {
    /** What one daemon sent. */
    record Reply(Daemon daemon, JsonNode json, List<PoolSummary> pools) {}

    /** Asks all at once. */
    static PoolListing of(List<Daemon> daemons, ConnectOptions connect) {
        Duration timeout = connect.readTimeout();
        return of(daemons, daemon -> daemon.pools(timeout), connect.unasked());
    }

    /** The same with the pools of their history. */
    static PoolListing ofAll(List<Daemon> daemons, ConnectOptions connect) {
        Duration timeout = connect.readTimeout();
        return of(daemons, daemon -> daemon.allPools(timeout), connect.unasked());
    }

    /** Of one daemon, whatever others there are. */
    static PoolListing of(Daemon daemon, Duration timeout) {
        return of(List.of(daemon), one -> one.pools(timeout), List.of());
    }

    private static PoolListing of(
            List<Daemon> daemons, Function<Daemon, CompletableFuture<JsonNode>> ask, List<CommandException> unasked) {
        List<CompletableFuture<JsonNode>> asked = daemons.stream().map(ask).toList();
        List<Reply> replies = new ArrayList<>();
        List<CommandException> failures = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            try {
                JsonNode json = Daemon.await(asked.get(i));
                replies.add(new Reply(
                        daemons.get(i),
                        json,
                        daemons.get(i).read(json, PoolSummary.Listing.class).pools()));
            } catch (CommandException e) {
                failures.add(e);
            } catch (ApiErrorException e) {
                failures.add(ApiErrors.explain(e));
            }
        }
        failures.addAll(unasked);
        return new PoolListing(List.copyOf(daemons), replies, failures);
    }

    /** The daemons that answered: another question to one that did not would take as long again. */
    List<Daemon> answered() {
        return replies.stream().map(Reply::daemon).toList();
    }

    List<PoolRef> pools() {
        return replies.stream()
                .flatMap(reply -> reply.pools().stream().map(pool -> new PoolRef(reply.daemon(), pool)))
                .toList();
    }
}
