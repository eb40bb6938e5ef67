package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.ops.console.Confirmation;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The pools that a command ends: never one that was not named, so that a shell variable that is not set ends none. */
final class PoolsToEnd {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            completionCandidates = Completes.Pools.class,
            description = "The pool, by its name or the beginning of its id.")
    private String id;

    @Option(names = "--all", description = "All pools of all daemons, at once. Asks first where stdin is a terminal.")
    private boolean all;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private ConnectOptions connect;

    /**
     * Those that were chosen.
     *
     * @param unanswered why a daemon did not say which pools it has, one for each such daemon
     */
    record Chosen(List<PoolRef> pools, List<CommandException> unanswered) {}

    Optional<Duration> timeout() {
        return connect.timeout();
    }

    /** One pool, or with {@code --all} all of them once the person has confirmed. */
    Chosen choose(Confirmation confirmation) {
        if (all && id != null) {
            throw new CommandException(
                    ExitCode.USAGE, "--all and the id '" + id + "' do not go together", "Give one of them.");
        }
        PoolArgument.requireNotEmpty(id);
        if (!all && id == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no pool is named",
                    "Give a pool's name or the beginning of its id (tpctl ls shows them), or --all.");
        }
        PoolListing listing = PoolListing.of(connect.daemons(), connect.readTimeout());
        if (!all) {
            return new Chosen(List.of(PoolSelector.toActOn(listing, id)), List.of());
        }
        List<PoolRef> live =
                listing.pools().stream().filter(found -> found.pool().live()).toList();
        if (!yes && !live.isEmpty()) {
            confirmation.require("End " + HumanText.count(live.size(), "pool", "pools") + ": "
                    + live.stream().map(PoolRef::title).collect(Collectors.joining(", ")) + "?");
        }
        // A daemon that does not answer keeps nobody else's pools alive.
        return new Chosen(listing.pools(), listing.failures());
    }
}
