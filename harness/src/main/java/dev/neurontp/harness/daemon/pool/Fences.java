package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The devices of ranks that were lost: nobody has seen the end of the worker, and until its lease is over it may hold them. Any thread.
 */
final class Fences {
    private final Clock clock;
    private final Map<Slot, PlacedRank> fences = new HashMap<>();

    Fences(Clock clock) {
        this.clock = clock;
    }

    /** From now on nobody gets what these may hold: each has the end of its lease. */
    synchronized void add(List<PlacedRank> lost) {
        for (PlacedRank rank : lost) {
            if (rank.needsDevice()) {
                fences.merge(slot(rank), rank, (old, other) -> old.until().isAfter(other.until()) ? old : other);
            }
        }
    }

    /** These were seen to end. */
    synchronized void remove(List<PlacedRank> ended) {
        ended.forEach(rank -> fences.remove(slot(rank), rank));
    }

    /** One that stands before the plan; empty for none. */
    synchronized Optional<PlacedRank> before(PoolPlan plan) {
        Instant now = clock.instant();
        fences.values().removeIf(rank -> !rank.until().isAfter(now));
        return plan.communicator().needsGpu()
                ? plan.slots().stream()
                        .filter(fences::containsKey)
                        .map(fences::get)
                        .findFirst()
                : Optional.empty();
    }

    private static Slot slot(PlacedRank rank) {
        return new Slot(rank.host(), rank.device());
    }
}
