package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The devices of ranks that were lost: nobody has seen the end of the worker, and it may hold them. Any thread. */
final class Fences {
    private final Clock clock;
    private final Map<Slot, Fence> fences = new HashMap<>();

    Fences(Clock clock) {
        this.clock = clock;
    }

    /** From now on nobody gets what these may hold: each has the end of its lease. */
    synchronized void add(List<PlacedRank> lost) {
        for (PlacedRank rank : lost) {
            if (rank.needsDevice()) {
                Fence.ByLease fence = new Fence.ByLease(rank);
                fences.merge(fence.slot(), fence, Fences::longer);
            }
        }
    }

    /** From now on nobody gets what these processes may hold. */
    synchronized void addProcesses(List<Fence.ByProcess> lost) {
        lost.forEach(fence -> fences.put(fence.slot(), fence));
    }

    /** From now on nobody gets what this may hold for that reason, see {@link Fence.KeptApart}: it has the end of that. */
    synchronized void keepApart(PlacedRank rank, String reason) {
        if (rank.needsDevice()) {
            Fence.KeptApart fence = new Fence.KeptApart(rank, reason);
            fences.merge(fence.slot(), fence, Fences::longer);
        }
    }

    /** One without an end is longer than any other. */
    private static Fence longer(Fence old, Fence other) {
        if (old.until().isEmpty() || other.until().isEmpty()) {
            return old.until().isEmpty() ? old : other;
        }
        return old.until().get().isAfter(other.until().get()) ? old : other;
    }

    /** These were seen to end. */
    synchronized void remove(List<PlacedRank> ended) {
        ended.stream().map(Fence.ByLease::new).forEach(fence -> fences.remove(fence.slot(), fence));
    }

    /** One that stands before the plan; empty for none. */
    synchronized Optional<Fence> before(PoolPlan plan) {
        Instant now = clock.instant();
        fences.values().removeIf(fence -> fence.isOver(now));
        return plan.communicator().needsGpu()
                ? plan.slots().stream()
                        .filter(fences::containsKey)
                        .map(fences::get)
                        .findFirst()
                : Optional.empty();
    }
}
