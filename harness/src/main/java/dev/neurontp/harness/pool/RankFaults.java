package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.SecondaryFailure;
import dev.neurontp.worker.comm.SecondaryFailure.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The faults of a pool's ranks, in the order in which they were seen. One per rank: its first. */
final class RankFaults {
    private final List<RankFault> seen = new ArrayList<>();

    synchronized void add(RankFault fault) {
        if (seen.stream().noneMatch(other -> other.rank() == fault.rank())) {
            seen.add(fault);
        }
    }

    synchronized boolean isEmpty() {
        return seen.isEmpty();
    }

    /**
     * The root cause first. A rank's error can be seen before the exit of another rank that caused it: then exits go first.
     * Ranks that waited for the others in vain, or lost their link to one, come after all with another reason, or none; among
     * them the one that is behind comes first, where they say how far they came. All else keeps its order.
     */
    synchronized List<RankFault> rootFirst() {
        if (seen.isEmpty() || seen.getFirst().nature() != RankFault.Nature.REFUSAL) {
            return List.copyOf(seen);
        }
        return seen.stream()
                .sorted(Comparator.comparingInt(RankFaults::distance).thenComparing(RankFaults::progress))
                .toList();
    }

    /** How far a rank came that waited for the others; one that does not say counts as the furthest. */
    private static Progress progress(RankFault fault) {
        Progress unknown = new Progress(Long.MAX_VALUE, 0);
        return fault.blamesOthers() ? SecondaryFailure.progress(fault.reason()).orElse(unknown) : unknown;
    }

    /** From the root cause. */
    private static int distance(RankFault fault) {
        if (fault.nature() == RankFault.Nature.EXITED) {
            return 0;
        }
        return fault.blamesOthers() ? 2 : 1;
    }
}
