package dev.neurontp.harness.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was seen of failing ranks, in the order in which it came. One entry a rank: its first. */
final class RankFaults {
    private final List<RankFault> seen = new ArrayList<>();

    synchronized void add(RankFault trouble) {
        if (seen.stream().noneMatch(other -> other.rank() == trouble.rank())) {
            seen.add(trouble);
        }
    }

    synchronized boolean isEmpty() {
        return seen.isEmpty();
    }

    /**
     * The root first. A rank's words can overtake the death that they are a consequence of: then deaths go first. Ranks
     * that waited for the others in vain, or lost their link to one, come after all who say something else, or nothing. All
     * else keeps its order.
     */
    synchronized List<RankFault> rootFirst() {
        if (seen.isEmpty() || seen.getFirst().nature() != RankFault.Nature.REFUSAL) {
            return List.copyOf(seen);
        }
        return seen.stream()
                .sorted(Comparator.comparingInt(RankFaults::distance))
                .toList();
    }

    /** From the root of the failure. */
    private static int distance(RankFault trouble) {
        if (trouble.nature() == RankFault.Nature.EXITED) {
            return 0;
        }
        return trouble.blamesOthers() ? 2 : 1;
    }
}
