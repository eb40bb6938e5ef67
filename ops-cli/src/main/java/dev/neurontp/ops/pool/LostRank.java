package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.console.HumanText;
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

    /**
     * Where to look for them, and what they may hold how long.
     *
     * @param lost at least one
     * @param now a lease that is over by then has ended its worker, if its agent ran
     */
    static String remedy(List<LostRank> lost, Instant now) {
        boolean one = lost.size() == 1;
        String they = one ? "it" : "they";
        String holds = they + " may still run, and hold " + (one ? "its device" : "their devices");
        List<String> hosts =
                lost.stream().flatMap(rank -> rank.host().stream()).distinct().toList();
        if (hosts.isEmpty()) {
            return "Look for " + (one ? "it where its" : "them where their") + " command starts workers: " + holds
                    + ".";
        }
        String look = "Look for " + (one ? "it" : "them") + " on " + HumanText.list(hosts);
        String lease = one ? "its lease" : "their leases";
        Optional<Instant> last = lost.stream().allMatch(rank -> rank.until().isPresent())
                ? lost.stream().flatMap(rank -> rank.until().stream()).max(Instant::compareTo)
                : Optional.empty();
        if (last.isEmpty()) {
            return look + ": " + holds + ".";
        }
        return last.get().isAfter(now)
                ? look + ": " + holds + " until " + last.get() + ", when " + lease + (one ? " has" : " have")
                        + " ended " + (one ? "it" : "them") + "."
                : "By " + last.get() + " " + lease + (one ? " had ended it" : " had ended them")
                        + ", unless an agent stood still. " + look + " where a device stays taken.";
    }
}
