package dev.neurontp.ops.pool;

import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.PastDaemons;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Optional;

/** The pools that daemons have in their lists, for a command that wants one of those: a pool of the history can only be read. */
record ListedPools(List<Daemon> daemons, PoolListing listing, ConnectOptions connect) {
    /** Asks all daemons that there are; there may be none. */
    static ListedPools of(ConnectOptions connect) {
        List<Daemon> daemons = connect.anyDaemons();
        return new ListedPools(daemons, PoolListing.of(daemons, connect), connect);
    }

    /** For a command that does something: the live pool, before ones that have ended. */
    PoolRef toActOn(String word) throws InterruptedException {
        require(word);
        return PoolSelector.toActOn(listing, word);
    }

    /** For a command that shows something: a failed pool is as good as a live one. */
    PoolRef toRead(String word) throws InterruptedException {
        require(word);
        return PoolSelector.toRead(listing, word);
    }

    /** Refuses where no daemon lives, and what only the history knows. */
    private void require(String word) throws InterruptedException {
        boolean isListed = word != null && PoolSelector.isMeant(listing, word);
        // A daemon that does not answer may have it.
        if (word != null && !isListed && listing.failures().isEmpty()) {
            Optional<ShownPool> past = past(word);
            if (past.isPresent()) {
                throw isPast(word, past.get());
            }
        }
        requireDaemon();
    }

    /** Refuses where no daemon of this user lives here. */
    void requireDaemon() {
        if (daemons.isEmpty()) {
            throw connect.noDaemon("");
        }
    }

    /**
     * What only the history in this user's folders has, for a command that removes it there; empty where a daemon lists it.
     *
     * @throws CommandException where its daemon may still write it
     */
    Optional<RecordedPool> recorded(String word) throws InterruptedException {
        if (connect.isNamed() || !listing.failures().isEmpty() || PoolSelector.isMeant(listing, word)) {
            return Optional.empty();
        }
        Optional<ShownPool> meant = past(word);
        if (meant.isEmpty()) {
            return Optional.empty();
        }
        PastPools past = connect.past();
        Optional<PastPool> known = PastDaemons.read(() -> past.find(meant.get().id()));
        if (known.isPresent() && !known.get().isOver()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "whether the pool " + meant.get().title()
                            + " has ended is not known here: its daemon ran on another host",
                    "Remove it on that host: tpctl describe " + meant.get().id() + " names it.");
        }
        return known.map(pool -> new RecordedPool(past, pool));
    }

    private Optional<ShownPool> past(String word) throws InterruptedException {
        try {
            return PastListing.find(listing.answered(), connect, word);
        } catch (CommandException _) {
            return Optional.empty(); // a history that cannot be read names no pool
        }
    }

    private static CommandException isPast(String word, ShownPool past) {
        String state = ForeignText.of(past.pool().state(), ForeignText.NAME);
        String reason = past.pool()
                .reason()
                .map(text -> ": " + ForeignText.of(text, ForeignText.MESSAGE))
                .orElse("");
        return new CommandException(
                ExitCode.COULD_NOT_RUN,
                "there is no pool '" + ForeignText.of(word, ForeignText.NAME) + "' here any more: " + past.title()
                        + " is a past one, and " + state + reason,
                "What it was: tpctl describe " + past.id() + "; all of them: tpctl ls --all. A new one: tpctl create,"
                        + " tpctl apply -f FILE or tpctl up.");
    }
}
