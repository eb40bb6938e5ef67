package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which pool a user means: by its name or the beginning of its id, or none where there is only one. */
final class PoolSelector {
    private static final List<Predicate<PoolSummary>> TO_ACT_ON =
            List.of(PoolSummary::live, pool -> pool.failed() || pool.lost(), PoolSummary::gone);
    private static final List<Predicate<PoolSummary>> TO_READ = List.of(pool -> !pool.gone(), PoolSummary::gone);

    private PoolSelector() {}

    /** For a command that does something: the live pool, before ones that have ended. */
    static PoolRef toActOn(PoolListing listing, String word) {
        return choose(listing, word, TO_ACT_ON);
    }

    /** For a command that shows something: a failed pool is as good as a live one. */
    static PoolRef toRead(PoolListing listing, String word) {
        return choose(listing, word, TO_READ);
    }

    /** Whether a pool of a list is meant, or several are. */
    static boolean isMeant(PoolListing listing, String word) {
        return !meant(listing.pools(), word).isEmpty();
    }

    private static PoolRef choose(PoolListing listing, String word, List<Predicate<PoolSummary>> preferences) {
        return word == null ? only(listing, preferences) : named(listing, word);
    }

    private static PoolRef named(PoolListing listing, String word) {
        List<PoolRef> left = meant(listing.pools(), word);
        if (left.size() == 1 && !word.isEmpty()) {
            return left.getFirst();
        }
        if (left.isEmpty()) {
            requireAllAnswered(listing);
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "there is no pool '" + ForeignText.of(word, ForeignText.NAME) + "' here",
                    "The pools are: " + names(listing));
        }
        throw new CommandException(
                ExitCode.USAGE,
                "'" + ForeignText.of(word, ForeignText.NAME) + "' "
                        + (left.getFirst().isNamed(word) ? "is the name of " : "begins the ids of ") + left.size()
                        + " pools",
                "Give more of the id: " + named(left));
    }

    /** A whole id goes before a name, and a name before the beginning of an id. */
    private static List<PoolRef> meant(List<PoolRef> pools, String word) {
        return Stream.<Predicate<PoolRef>>of(
                        found -> found.id().equals(word),
                        found -> found.isNamed(word) && found.pool().live(),
                        found -> found.isNamed(word) && isNewest(found, pools),
                        found -> found.id().startsWith(word))
                .map(fits -> pools.stream().filter(fits).toList())
                .filter(fitting -> !fitting.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Of the pools that had its name in its daemon. */
    private static boolean isNewest(PoolRef found, List<PoolRef> pools) {
        return pools.stream()
                .filter(other -> other.daemon() == found.daemon()
                        && other.pool().name().equals(found.pool().name()))
                .allMatch(other -> other.pool().epoch() <= found.pool().epoch());
    }

    private static PoolRef only(PoolListing listing, List<Predicate<PoolSummary>> preferences) {
        // A daemon that did not answer may have another pool: "the only one" cannot be said then.
        requireAllAnswered(listing);
        for (Predicate<PoolSummary> preference : preferences) {
            List<PoolRef> group = listing.pools().stream()
                    .filter(found -> preference.test(found.pool()))
                    .toList();
            if (group.size() > 1) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "there are " + group.size() + " pools: which one?",
                        "Give its name or the beginning of its id: " + named(group));
            }
            if (group.size() == 1) {
                return group.getFirst();
            }
        }
        throw new CommandException(
                ExitCode.COULD_NOT_RUN,
                "there is no pool here (" + listing.replies().size() + " daemon(s) asked)",
                "Bring one up: tpctl up -d");
    }

    private static void requireAllAnswered(PoolListing listing) {
        if (!listing.failures().isEmpty()) {
            throw listing.failures().getFirst();
        }
    }

    private static String names(PoolListing listing) {
        return listing.pools().isEmpty() ? "none. Bring one up: tpctl up -d" : named(listing.pools());
    }

    private static String named(List<PoolRef> pools) {
        return HumanText.list(pools.stream()
                .map(found -> found.title() + " (" + found.pool().state() + ")")
                .toList());
    }
}
