package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ranks that have not answered in time. Where ranks wait for each other, all are silent and few are the cause: those that
 * have not come to join, and those whose process is stopped.
 */
final class SilentRanks {
    /** To follow what a process has not done. */
    static final String IS_STOPPED = "; its process is stopped (a signal or a debugger)";

    private final String limit;
    private final List<PoolRank> absent = new ArrayList<>();
    private final List<PoolRank> stopped = new ArrayList<>();
    private final List<PoolRank> waiting = new ArrayList<>();

    private SilentRanks(String limit) {
        this.limit = limit;
    }

    /**
     * Those of an exchange whose deadline has passed.
     *
     * @param arrived the ranks that have come to the rendezvous; empty where nobody can tell
     */
    static SilentRanks of(Exchange<?> exchange, Optional<Set<Long>> arrived) {
        SilentRanks silent = new SilentRanks(Durations.time(exchange.limit()));
        boolean joins = exchange.operation().joins();
        for (PoolRank rank : exchange.members()) {
            if (exchange.hasAnswer(rank.rank())) {
                continue;
            }
            if (joins && arrived.isPresent() && !arrived.get().contains((long) rank.rank())) {
                silent.absent.add(rank);
            } else if (rank.stopped()) {
                silent.stopped.add(rank);
            } else {
                silent.waiting.add(rank);
            }
        }
        return silent;
    }

    /** All of them: first those that the others waited for. */
    List<PoolRank> causesFirst() {
        List<PoolRank> all = new ArrayList<>(absent);
        all.addAll(stopped);
        all.addAll(waiting);
        return all;
    }

    /** What was seen of one of them. */
    String reason(PoolRank rank) {
        String isStopped = rank.stopped() ? IS_STOPPED : "";
        if (absent.contains(rank)) {
            return "it did not come to join within " + limit + isStopped;
        }
        String late = "it did not answer within " + limit
                + (rank.unfinished() == 0
                        ? ""
                        : "; it has sent " + rank.unfinished() + " bytes without the line break that ends a reply")
                + (rank.heard() ? "" : "; its agent there was never heard: look with tpctl preflight");
        if (absent.isEmpty() || stopped.contains(rank)) {
            return late + isStopped;
        }
        return late + ": it waited for "
                + Ranks.words(absent.stream().map(PoolRank::rank).toList()) + ", which did not come to join";
    }
}
