package dev.neurontp.worker.collective;

import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.WireText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Two ranks that exchange with each other. */
public record Pair(int one, int other) {
    /**
     * Reads the form of the wire, {@code 0-1,2-3}.
     *
     * @throws ContradictionException when it is another, or a rank is in two pairs or not in the group
     */
    public static List<Pair> parse(String text, int ranks) {
        List<Pair> pairs = new ArrayList<>();
        Set<Integer> taken = new HashSet<>();
        for (String part : text.split(",", ranks + 1)) {
            String[] halves = part.split("-", -1);
            if (halves.length != 2) {
                throw wrong(text, ranks);
            }
            int one = rank(text, halves[0], ranks);
            int other = rank(text, halves[1], ranks);
            if (!taken.add(one) || !taken.add(other)) {
                throw wrong(text, ranks);
            }
            pairs.add(new Pair(one, other));
        }
        return List.copyOf(pairs);
    }

    /** Whether that rank is one of them. */
    public boolean has(int rank) {
        return one == rank || other == rank;
    }

    private static int rank(String text, String digits, int ranks) {
        try {
            long rank = U32.parse("pairs", digits);
            if (rank < ranks) {
                return (int) rank;
            }
        } catch (NumberFormatException _) {
            throw wrong(text, ranks);
        }
        throw wrong(text, ranks);
    }

    private static ContradictionException wrong(String text, int ranks) {
        return new ContradictionException("pairs is '" + WireText.quotable(text)
                + "': it must be ranks like 0-1,2-3, each once, of a group of " + ranks);
    }
}
