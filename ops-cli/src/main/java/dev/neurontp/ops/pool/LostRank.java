package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A rank whose end nobody has seen.
 *
 * @param host the name of its host; empty where it is the daemon's
 * @param until when its lease has ended its worker at the latest; empty where nothing says so
 */
record LostRank(int rank, Optional<String> host, Optional<Instant> until) {
    static LostRank of(PoolView.Rank rank) {
        return new LostRank(rank.rank(), rank.host(), rank.end().flatMap(PoolView.RankExit::leaseEnds));
    }

    static LostRank of(PoolView.RankExit end) {
        return new LostRank(end.rank(), end.host(), end.leaseEnds());
    }

    /** Where to look for them, and what they may hold how long; at least one. */
    static String remedy(List<LostRank> lost) {
        List<String> hosts =
                lost.stream().flatMap(rank -> rank.host().stream()).distinct().toList();
        if (hosts.isEmpty()) {
            return "Look for it where its command starts workers: it may hold its GPU.";
        }
        boolean leased = lost.stream().allMatch(rank -> rank.until().isPresent());
        return "Look for it on " + String.join(", ", hosts) + ": it may hold its GPU"
                + lost.stream()
                        .flatMap(rank -> rank.until().stream())
                        .max(Instant::compareTo)
                        .filter(_ -> leased)
                        .map(until -> " until " + until + ", when its lease has ended it")
                        .orElse("")
                + ".";
    }
}
