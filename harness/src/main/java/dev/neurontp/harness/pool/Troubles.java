package dev.neurontp.harness.pool;

import java.util.ArrayList;
import java.util.List;

/** What was seen of failing ranks, in the order in which it came. One entry a rank: its first. */
final class Troubles {
    private final List<Trouble> seen = new ArrayList<>();

    synchronized void add(Trouble trouble) {
        if (seen.stream().noneMatch(other -> other.rank() == trouble.rank())) {
            seen.add(trouble);
        }
    }

    synchronized boolean isEmpty() {
        return seen.isEmpty();
    }

    /**
     * The root first. A rank's death can be overtaken by what the others say of it: then the death goes first. All else
     * keeps its order.
     */
    synchronized List<Trouble> rootFirst() {
        if (seen.isEmpty() || seen.getFirst().nature() != Trouble.Nature.REFUSAL) {
            return List.copyOf(seen);
        }
        List<Trouble> ordered = new ArrayList<>();
        seen.stream().filter(Troubles::isDeath).forEach(ordered::add);
        seen.stream().filter(trouble -> !isDeath(trouble)).forEach(ordered::add);
        return ordered;
    }

    private static boolean isDeath(Trouble trouble) {
        return trouble.nature() == Trouble.Nature.DEATH;
    }
}
