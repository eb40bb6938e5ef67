package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The pools that a command ends: never one that was not named, so that a shell variable that is not set ends none. */
final class PoolsToEnd {
    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            completionCandidates = Completes.Pools.class,
            description = "The pools, by their names or the beginnings of their ids.")
    List<String> ids = List.of();

    @Option(names = "--all", description = "All pools of all daemons, at once. Asks first where stdin is a terminal.")
    boolean all;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    boolean yes;

    @Mixin
    ConnectOptions connect;

    /**
     * Those that were chosen.
     *
     * @param named whether each of them was named, so that one that has ended is meant too
     * @param unanswered why a daemon did not say which pools it has, one for each such daemon
     * @param past those that only the history has, which are to be removed from there
     */
    record Chosen(List<PoolRef> pools, boolean named, List<CommandException> unanswered, List<RecordedPool> past) {}

    Optional<Duration> timeout() {
        return connect.timeout();
    }

    /** Those that are named, or with {@code --all} all of them once the person has confirmed. */
    Chosen choose(Confirmation confirmation) throws InterruptedException {
        Chosen chosen = find(false);
        List<PoolRef> active =
                chosen.pools().stream().filter(found -> found.pool().active()).toList();
        if (all) {
            confirm(confirmation, "End ", active);
        }
        return chosen;
    }

    /** The same for a command that leaves nothing to look at: it asks for pools that are named, too. */
    Chosen chooseToForget(Confirmation confirmation) throws InterruptedException {
        Chosen chosen = find(true);
        List<ShownPool> all = new ArrayList<>(chosen.pools());
        all.addAll(chosen.past());
        confirm(confirmation, "End and forget ", all);
        return chosen;
    }

    /** With {@code pastToo} also what only the history has. */
    private Chosen find(boolean pastToo) throws InterruptedException {
        if (all && !ids.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--all and the id '" + ids.getFirst() + "' do not go together",
                    "Give one of them.");
        }
        ids.forEach(PoolArgument::requireNotEmpty);
        if (!all && ids.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no pool is named",
                    "Give a pool's name or the beginning of its id (tpctl ls shows them), or --all.");
        }
        if (all) {
            PoolListing listing = PoolListing.of(connect.daemons(), connect);
            // A daemon that does not answer keeps nobody else's pools alive.
            return new Chosen(listing.pools(), false, listing.failures(), List.of());
        }
        ListedPools listed = ListedPools.of(connect);
        Set<PoolRef> named = new LinkedHashSet<>();
        Map<String, RecordedPool> past = new LinkedHashMap<>();
        for (String id : ids) {
            Optional<RecordedPool> recorded = pastToo ? listed.recorded(id) : Optional.empty();
            if (recorded.isPresent()) {
                past.put(recorded.get().id(), recorded.get());
            } else {
                named.add(listed.toActOn(id));
            }
        }
        return new Chosen(List.copyOf(named), true, List.of(), List.copyOf(past.values()));
    }

    private void confirm(Confirmation confirmation, String what, List<? extends ShownPool> pools) {
        if (!yes && !pools.isEmpty()) {
            confirmation.require(what + HumanText.count(pools.size(), "pool", "pools") + ": "
                    + HumanText.list(pools.stream().map(ShownPool::title).toList()) + "?");
        }
    }
}
