package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists the pools of all live daemons. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the pools of all live neuron daemons of this user and host.",
            "Pools of the original Rust daemon cannot be reached from outside, so they are not listed: ask that daemon itself."
        })
public final class LsCommand implements Callable<Integer> {
    private final Screen screen;

    @Option(
            names = {"-a", "--all"},
            description = "Also those that were shut down.")
    private boolean all;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only the ids, one a line.")
    private boolean quiet;

    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    /** Prints to {@code screen}. */
    public LsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        PoolListing listing = PoolListing.of(connect.daemons(), connect.readTimeout());
        if (listing.replies().isEmpty()) {
            throw listing.failures().getFirst();
        }
        if (quiet) {
            listing.pools().stream().filter(this::isShown).forEach(found -> screen.line(found.id()));
        } else if (output.json()) {
            listing.replies().forEach(this::json);
        } else {
            table(listing);
        }
        connect.notes().forEach(screen::say);
        for (CommandException failure : listing.failures()) {
            screen.say("tpctl ls: " + failure.getMessage());
            screen.say(failure.next());
        }
        return listing.failures().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void json(PoolListing.Reply reply) {
        for (JsonNode pool : reply.json().path("pools")) {
            if (all || !PoolView.State.GONE.label().equals(pool.path("state").asString())) {
                screen.line(ApiJson.text(PoolRef.signed(pool, reply.daemon())));
            }
        }
    }

    private boolean isShown(PoolRef found) {
        return all || !found.pool().gone();
    }

    private void table(PoolListing listing) {
        List<PoolRef> shown = listing.pools().stream().filter(this::isShown).toList();
        if (shown.isEmpty()) {
            screen.say("No pool" + (all ? "" : " that lives or has failed") + ". Bring one up: tpctl up -d");
        } else {
            PoolTable.of(shown, screen.terminal(), Instant.now())
                    .lines(screen.columns())
                    .forEach(screen::line);
        }
        int hidden = listing.pools().size() - shown.size();
        if (hidden > 0) {
            screen.say(hidden + " that " + (hidden == 1 ? "was" : "were") + " shut down: tpctl ls --all");
        }
    }
}
