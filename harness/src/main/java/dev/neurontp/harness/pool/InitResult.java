package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.List;

/**
 * Every rank has joined the communicator.
 *
 * @param ranks all ranks, rank 0 too
 * @param took from the first frame written to the last reply
 */
public record InitResult(List<RankTime> ranks, Duration took) {
    public InitResult {
        ranks = List.copyOf(ranks);
    }
}
