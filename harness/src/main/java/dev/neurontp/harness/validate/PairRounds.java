package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;

/**
 * All pairs of a group in rounds of disjoint pairs, by the circle method. Few ranks go one pair at a time, so that no pair is
 * slow because of another one.
 */
final class PairRounds {
    /** 28 pairs. */
    private static final int ALONE = 8;

    private final int ranks;

    PairRounds(int ranks) {
        this.ranks = ranks;
    }

    /** Each round as the wire has it, such as {@code 0-1,2-3}; the lower rank first. */
    List<String> rounds() {
        List<String> rounds = new ArrayList<>();
        if (ranks <= ALONE) {
            for (int low = 0; low < ranks; low++) {
                for (int high = low + 1; high < ranks; high++) {
                    rounds.add(low + "-" + high);
                }
            }
            return rounds;
        }
        int places = ranks + ranks % 2;
        for (int round = 0; round < places - 1; round++) {
            List<String> pairs = new ArrayList<>();
            for (int i = 0; i < places / 2; i++) {
                int one = at(round, i, places);
                int other = at(round, places - 1 - i, places);
                if (one < ranks && other < ranks) {
                    pairs.add(Math.min(one, other) + "-" + Math.max(one, other));
                }
            }
            rounds.add(String.join(",", pairs));
        }
        return rounds;
    }

    /** The first place stays, all others turn by one each round. */
    private static int at(int round, int place, int places) {
        return place == 0 ? 0 : (place - 1 + round) % (places - 1) + 1;
    }
}
