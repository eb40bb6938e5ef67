package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.CommandException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which of the daemons that are looked at again and again have fallen silent, or are not there any more. Used by one thread. */
final class WatchedDaemons {
    private Set<String> known = new TreeSet<>();
    private Set<String> told = new HashSet<>();

    /** What was shown first, its failures included. */
    WatchedDaemons(PoolListing first) {
        newFailures(first);
        left(first);
    }

    /** Those that were none at the last look: what goes on is told once. */
    List<CommandException> newFailures(PoolListing listing) {
        Set<String> now = new HashSet<>();
        List<CommandException> fresh = listing.failures().stream()
                .filter(failure -> now.add(failure.getMessage()) && !told.contains(failure.getMessage()))
                .toList();
        told = now;
        return fresh;
    }

    /** A line for each daemon that was there at the last look, and is not any more, whether it answered then or not. */
    List<String> left(PoolListing listing) {
        Set<String> now = new TreeSet<>();
        listing.asked().stream().map(Daemon::toString).forEach(now::add);
        known.removeAll(now);
        List<String> left = known.stream()
                .map(daemon -> "daemon " + daemon
                        + " is not there any more: what it wrote down of its pools is shown by tpctl ls --all")
                .toList();
        known = now;
        return left;
    }
}
