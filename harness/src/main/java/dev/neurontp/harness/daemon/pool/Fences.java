package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.RankExit;
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
    private final Map<Slot, Fence> fences = new HashMap<>();

    Fences(Clock clock) {
        this.clock = clock;
    }

    /** A device that is not to be given away. */
    record Fence(Slot slot, String pool, int rank, Instant until) {}

    /** Remembers what the ends of a pool's ranks leave open. */
    synchronized void add(String pool, PoolPlan plan, List<RankExit> ends) {
        if (!plan.communicator().needsGpu()) {
            return;
        }
        for (RankExit end : ends) {
            end.elsewhere().flatMap(RankExit.Elsewhere::leaseEnds).ifPresent(until -> {
                Slot slot = plan.slots().get(end.rank());
                fences.merge(
                        slot,
                        new Fence(slot, pool, end.rank(), until),
                        (old, other) -> old.until().isAfter(other.until()) ? old : other);
            });
        }
    }

    /** One that stands before the plan; empty for none. */
    synchronized Optional<Fence> before(PoolPlan plan) {
        Instant now = clock.instant();
        fences.values().removeIf(fence -> !fence.until().isAfter(now));
        return plan.communicator().needsGpu()
                ? plan.slots().stream()
                        .filter(fences::containsKey)
                        .map(fences::get)
                        .findFirst()
                : Optional.empty();
    }
}
