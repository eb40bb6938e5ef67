package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.PastDaemons;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Pools that no daemon has in its list any more: those that a live daemon tells of, and those that stand in this user's state folders.
 *
 * @param pools the oldest first
 * @param problems what could not be read, a sentence each
 */
record PastListing(List<ShownPool> pools, List<String> problems) {
    /** By what {@code listing}, which was asked for all, and the files tell. Where a daemon is named, only that one is asked. */
    static PastListing of(PoolListing listing, ConnectOptions connect) throws InterruptedException {
        List<ShownPool> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        listing.pools().stream()
                .filter(pool -> pool.pool().recorded().isEmpty())
                .forEach(pool -> seen.add(pool.id()));
        listing.pools().stream()
                .filter(pool -> pool.pool().recorded().isPresent() && seen.add(pool.id()))
                .forEach(found::add);
        List<String> problems = List.of();
        if (!connect.isNamed()) {
            PastPools past = connect.past();
            PastPools.Found files = PastDaemons.read(past::all);
            files.pools().stream()
                    .filter(pool -> seen.add(pool.id()))
                    .map(pool -> new RecordedPool(past, pool))
                    .filter(pool -> !isOfOneThatAnswered(listing, pool.pool()))
                    .forEach(found::add);
            problems = files.problems();
        }
        found.sort(byCreation());
        return new PastListing(List.copyOf(found), problems);
    }

    /** A daemon that lives has told of all that it has: what it has removed goes from its folder a moment later. */
    private static boolean isOfOneThatAnswered(PoolListing listing, PoolSummary pool) {
        return pool.recorded()
                .filter(by -> by.daemon().equals(PoolView.Fate.LIVE.label()))
                .filter(by -> listing.replies().stream()
                        .anyMatch(reply -> reply.daemon()
                                .file()
                                .filter(daemon -> daemon.pid() == by.pid())
                                .isPresent()))
                .isPresent();
    }

    /** The same, of daemons that are asked now; there may be none. */
    static PastListing of(List<Daemon> daemons, ConnectOptions connect) throws InterruptedException {
        return of(PoolListing.ofAll(daemons, connect), connect);
    }

    static Comparator<ShownPool> byCreation() {
        return Comparator.comparing(found -> found.pool().created(), Comparator.nullsFirst(Comparator.naturalOrder()));
    }

    /**
     * What {@code word} means among the pools of daemons that are asked now, and of the files.
     *
     * @throws CommandException when it is not there, as far as could be read, and something could not: nobody says then that there is none
     */
    static Optional<ShownPool> find(List<Daemon> daemons, ConnectOptions connect, String word)
            throws InterruptedException {
        Optional<ShownPool> found = of(daemons, connect).find(word);
        if (found.isPresent() || connect.isNamed()) {
            return found;
        }
        PastPools past = connect.past();
        return PastDaemons.read(() -> past.find(word)).map(pool -> new RecordedPool(past, pool));
    }

    /** The one that {@code word} means: a whole id, else the newest of a name, else the beginning of an id. */
    Optional<ShownPool> find(String word) {
        return find(pools, word);
    }

    static Optional<ShownPool> find(List<ShownPool> pools, String word) {
        List<ShownPool> meant = Stream.<Predicate<ShownPool>>of(
                        found -> found.id().equals(word),
                        found -> found.isNamed(word),
                        found -> found.id().startsWith(word))
                .map(fits -> pools.stream().filter(fits).toList())
                .filter(fitting -> !fitting.isEmpty())
                .findFirst()
                .orElse(List.of());
        if (meant.size() > 1 && !meant.getFirst().isNamed(word)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "'" + ForeignText.of(word, ForeignText.NAME) + "' begins the ids of " + meant.size() + " pools",
                    "Give more of the id: "
                            + HumanText.list(
                                    meant.stream().map(ShownPool::title).toList()));
        }
        return meant.stream().max(byCreation());
    }
}
