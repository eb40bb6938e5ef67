package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.List;

/**
 * The all-reduce of 1 came to the world size on every rank.
 *
 * @param sum what every rank observed
 * @param ranks all ranks, rank 0 too
 * @param took from the first frame written to the last reply
 */
public record SanityResult(long sum, List<RankTime> ranks, Duration took) {
    public SanityResult {
        ranks = List.copyOf(ranks);
    }
}
