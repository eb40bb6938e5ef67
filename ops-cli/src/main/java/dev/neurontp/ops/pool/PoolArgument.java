package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The pool that a command is about. */
final class PoolArgument {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            completionCandidates = Completes.Pools.class,
            description = "The pool, by its name or the beginning of its id. Not needed where there is only one.")
    String id;

    @Mixin
    ConnectOptions connect;

    ConnectOptions connect() {
        return connect;
    }

    String id() {
        return id;
    }

    PoolRef toActOn() throws InterruptedException {
        requireNotEmpty(id);
        return ListedPools.of(connect).toActOn(id);
    }

    PoolRef toRead() throws InterruptedException {
        requireNotEmpty(id);
        return ListedPools.of(connect).toRead(id);
    }

    /** For a command that only shows: also one of the history, where no daemon has it in its list. */
    ShownPool toShow() throws InterruptedException {
        requireNotEmpty(id);
        List<Daemon> daemons = connect.anyDaemons();
        PoolListing listing = PoolListing.of(daemons, connect);
        if (id == null || PoolSelector.isMeant(listing, id)) {
            return PoolSelector.toRead(daemons.isEmpty() ? listing() : listing, id);
        }
        Optional<ShownPool> past = PastListing.find(listing.answered(), connect, id)
                // A daemon that does not answer may have a live pool of that name.
                .filter(found -> listing.failures().isEmpty() || found.id().equals(id));
        if (past.isPresent()) {
            return past.get();
        }
        if (daemons.isEmpty()) {
            throw connect.noDaemon(", and no pool '" + ForeignText.of(id, ForeignText.NAME)
                    + "' is in the history (looked in " + connect.past().places() + ")");
        }
        return PoolSelector.toRead(listing, id);
    }

    /**
     * The same pool as it was written down, where its daemon has ended since, or has it in its list no more; empty where that is not known.
     *
     * @param reason why it cannot be asked any more
     */
    Optional<ShownPool> asWrittenDown(ShownPool found, RuntimeException reason) throws InterruptedException {
        boolean removed =
                reason instanceof ApiErrorException refusal && refusal.error().is(ErrorType.NO_SUCH_POOL);
        if (!(found instanceof PoolRef live) || !(removed || live.daemon().hasEnded())) {
            return Optional.empty();
        }
        return PastListing.find(connect.anyDaemons(), connect, found.id())
                .filter(past -> past.id().equals(found.id()));
    }

    /** The newest that has ended: of that name or id, or of the name of the live pool that is named, or of all. */
    ShownPool previous() throws InterruptedException {
        requireNotEmpty(id);
        List<Daemon> daemons = connect.anyDaemons();
        PoolListing listing = PoolListing.ofAll(daemons, connect);
        PastListing past = PastListing.of(listing, connect);
        List<ShownPool> ended = new ArrayList<>(past.pools());
        listing.pools().stream()
                .filter(found -> !found.pool().live() && found.pool().recorded().isEmpty())
                .forEach(ended::add);
        Optional<ShownPool> previous =
                id == null ? ended.stream().max(PastListing.byCreation()) : previous(ended, listing);
        if (previous.isEmpty() && !listing.failures().isEmpty()) {
            throw listing.failures().getFirst(); // it may know of one
        }
        return previous.orElseThrow(() -> new CommandException(
                ExitCode.COULD_NOT_RUN,
                "there is no earlier pool" + (id == null ? "" : " '" + ForeignText.of(id, ForeignText.NAME) + "'")
                        + " here (" + daemons.size() + " daemon(s) asked; the history is in "
                        + connect.past().places() + ")"
                        + past.problems().stream()
                                .findFirst()
                                .map(why -> ", and not all was read: " + why)
                                .orElse(""),
                "tpctl ls --all lists all that are known."));
    }

    /** A name counts before the beginning of an id, and an id of a pool that has ended before that of a live one, which stands for its name. */
    private Optional<ShownPool> previous(List<ShownPool> ended, PoolListing listing) {
        Optional<ShownPool> named = PastListing.find(ended, id);
        if (named.isPresent()) {
            return named;
        }
        List<PoolRef> fitting = listing.pools().stream()
                .filter(found -> found.pool().live() && found.id().startsWith(id))
                .toList();
        if (fitting.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "'" + ForeignText.of(id, ForeignText.NAME) + "' is the beginning of the ids of several live pools: "
                            + fitting.stream().map(PoolRef::id).collect(Collectors.joining(", ")),
                    "Give more of the id, or a name.");
        }
        return fitting.stream()
                .flatMap(found -> found.pool().name().stream())
                .findFirst()
                .flatMap(name -> PastListing.find(ended, name));
    }

    /** Every id begins with nothing: that is a shell variable that is not set, and not a choice. */
    static void requireNotEmpty(String id) {
        if (id != null && id.isEmpty()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the name or id is empty, like a shell variable that is not set",
                    "Give a pool's name or the beginning of its id: tpctl ls shows them.");
        }
    }

    /** All pools of all daemons, and which daemon did not answer. */
    PoolListing listing() {
        return PoolListing.of(connect.daemons(), connect);
    }
}
