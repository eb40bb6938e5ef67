package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which pool a user means: by the beginning of its id, or none where there is only one. */
final class PoolSelector {
    private static final List<Predicate<PoolSummary>> TO_ACT_ON =
            List.of(PoolSummary::live, PoolSummary::failed, PoolSummary::gone);
    private static final List<Predicate<PoolSummary>> TO_READ =
            List.of(pool -> pool.live() || pool.failed(), PoolSummary::gone);

    private PoolSelector() {}

    /** For a command that does something: the live pool, before ones that have ended. */
    static PoolRef toActOn(PoolListing listing, String prefix) {
        return choose(listing, prefix, TO_ACT_ON);
    }

    /** For a command that shows something: a failed pool is as good as a live one. */
    static PoolRef toRead(PoolListing listing, String prefix) {
        return choose(listing, prefix, TO_READ);
    }

    private static PoolRef choose(PoolListing listing, String prefix, List<Predicate<PoolSummary>> preferences) {
        return prefix == null ? only(listing, preferences) : named(listing, prefix);
    }

    private static PoolRef named(PoolListing listing, String prefix) {
        List<PoolRef> matches = listing.pools().stream()
                .filter(found -> found.id().startsWith(prefix))
                .toList();
        List<PoolRef> exact =
                matches.stream().filter(found -> found.id().equals(prefix)).toList();
        List<PoolRef> left = exact.isEmpty() ? matches : exact;
        if (left.size() == 1 && !prefix.isEmpty()) {
            return left.getFirst();
        }
        if (left.isEmpty()) {
            requireAllAnswered(listing);
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "there is no pool '" + ForeignText.of(prefix, ForeignText.NAME) + "' here",
                    "The pools are: " + names(listing));
        }
        throw new CommandException(
                ExitCode.USAGE,
                "'" + ForeignText.of(prefix, ForeignText.NAME) + "' begins the ids of " + left.size() + " pools",
                "Give more of the id: " + named(left));
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
                        "Give the beginning of its id: " + named(group));
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
        Stream<String> names =
                pools.stream().map(found -> found.id() + " (" + found.pool().state() + ")");
        return names.collect(Collectors.joining(", "));
    }
}
