package dev.neurontp.harness.validate;

import java.util.List;

/** Whether the workers of a group have the extensions of the wire that a validation needs. */
final class Identified {
    private Identified() {}

    static boolean as(List<RankDevice> ranks) {
        return ranks.stream().allMatch(rank -> rank.info().isPresent());
    }
}
