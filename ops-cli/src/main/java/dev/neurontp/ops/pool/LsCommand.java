package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Documents;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.ViewOptions;
import dev.neurontp.ops.console.ViewOptions.Format;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
            "With -w goes on, with a line for each pool that is new or has changed, until Ctrl-C.",
            "Pools of the original Rust daemon cannot be reached from outside, so they are not listed: ask that daemon itself."
        })
public final class LsCommand implements Callable<Integer> {
    private final Screen screen;

    @Option(
            names = {"-a", "--all"},
            description =
                    "Also those that were shut down, and those that were written down by earlier daemons of this user.")
    boolean all;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only the ids, one a line.")
    boolean quiet;

    @Option(names = "--no-headers", description = "A table without its headings.")
    boolean withoutHeadings;

    @Option(
            names = {"-w", "--watch"},
            description = "Stay, and show what changes; looks once a second.")
    boolean watch;

    @Mixin
    ConnectOptions connect;

    @Mixin
    ViewOptions view;

    /** Prints to {@code screen}. */
    public LsCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        view.requireNot(quiet);
        PoolListing listing = list(all); // the history is shown beside a daemon that is silent
        PastListing past = past(listing);
        PoolChanges changes = new PoolChanges();
        List<ShownPool> shown = changes.in(shown(listing, past));
        Table table = PoolTable.of(shown, screen.terminal(), Instant.now(), isWide());
        if (isTable()) {
            table(listing, shown, table);
        } else {
            print(listing, shown);
        }
        past.problems().forEach(screen::say);
        connect.notes().stream()
                .filter(note -> listing.failures().stream()
                        .noneMatch(failure -> failure.getMessage().endsWith(note)))
                .forEach(screen::say);
        listing.failures().forEach(this::say);
        WatchedDaemons daemons = new WatchedDaemons(listing);
        while (watch) {
            TimeUnit.SECONDS.sleep(1);
            PoolListing now = list(false);
            follow(now, changes, table);
            daemons.newFailures(now).forEach(this::say);
            daemons.left(now).forEach(screen::say);
            screen.requireReader();
        }
        return CommandException.exitCode(listing.failures());
    }

    private PoolListing list(boolean alsoWhereNoneAnswers) {
        PoolListing listing =
                all ? PoolListing.ofAll(connect.anyDaemons(), connect) : PoolListing.of(connect.daemons(), connect);
        if (!alsoWhereNoneAnswers
                && listing.replies().isEmpty()
                && !listing.failures().isEmpty()) {
            throw listing.failures().getFirst();
        }
        return listing;
    }

    private PastListing past(PoolListing listing) throws InterruptedException {
        if (!all) {
            return new PastListing(List.of(), List.of());
        }
        PastListing past = PastListing.of(listing, connect);
        if (listing.replies().isEmpty() && past.pools().isEmpty()) {
            if (!listing.failures().isEmpty()) {
                throw listing.failures().getFirst();
            }
            throw connect.noDaemon(", and no pool is in the history (looked in "
                    + connect.past().places() + ")" + problems(past));
        }
        return past;
    }

    private static String problems(PastListing past) {
        return past.problems().stream().map(problem -> "; " + problem).collect(Collectors.joining());
    }

    private void say(CommandException failure) {
        new ErrorOutput(screen.terminal().err(), view.format() == Format.JSON).print("tpctl ls", failure);
    }

    private boolean isTable() {
        return !quiet && view.format().isTable();
    }

    private boolean isWide() {
        return view.format() == Format.WIDE;
    }

    private List<ShownPool> shown(PoolListing listing, PastListing past) {
        List<ShownPool> shown = new ArrayList<>(past.pools());
        listing.pools().stream()
                .filter(found -> found.pool().recorded().isEmpty())
                .filter(found -> all || !found.pool().gone())
                .forEach(shown::add);
        return shown;
    }

    /** What has changed since, a pool that was shown and is gone now included. */
    private void follow(PoolListing listing, PoolChanges changes, Table first) {
        List<ShownPool> changed = changes.in(listing.pools().stream()
                .filter(found -> all || !found.pool().gone() || changes.knows(found))
                .toList());
        if (!isTable()) {
            print(listing, changed);
        } else if (!changed.isEmpty()) {
            PoolTable.of(changed, screen.terminal(), Instant.now(), isWide())
                    .below(first)
                    .forEach(screen::line);
        }
        changes.removed(listing)
                .forEach(pool -> screen.say("pool " + pool.id()
                        + pool.pool().name().map(name -> " '" + name + "'").orElse("")
                        + " was removed from the list of daemon " + pool.teller()));
    }

    private void print(PoolListing listing, List<ShownPool> pools) {
        Documents documents = new Documents(screen, view.format());
        for (ShownPool found : pools) {
            if (quiet) {
                screen.line(found.id());
            } else if (view.format() == Format.NAME) {
                screen.line("pool/" + found.id());
            } else {
                documents.print(found.signed(said(listing, found)));
            }
        }
    }

    /** The pool as its daemon sent it, with what this version does not know. */
    private static JsonNode said(PoolListing listing, ShownPool shown) {
        if (!(shown instanceof PoolRef wanted)) {
            return ApiJson.tree(shown.pool());
        }
        return listing.replies().stream()
                .filter(reply -> reply.daemon() == wanted.daemon())
                .flatMap(reply -> reply.json().path("pools").valueStream())
                .filter(pool -> pool.path("id").asString("").equals(wanted.id()))
                .findFirst()
                .orElseThrow();
    }

    private void table(PoolListing listing, List<ShownPool> shown, Table table) {
        if (shown.isEmpty()) {
            screen.say("No pool" + (all ? "" : " that lives or has failed") + ". Bring one up: tpctl up -d"
                    + (all ? "" : ". What ran before: tpctl ls --all"));
        } else {
            (withoutHeadings ? table.below(table) : table.lines(view.columns(screen))).forEach(screen::line);
        }
        int hidden = listing.pools().size() - shown.size();
        if (!all && hidden > 0) {
            screen.say(hidden + " that " + (hidden == 1 ? "was" : "were") + " shut down: tpctl ls --all");
        }
    }
}
