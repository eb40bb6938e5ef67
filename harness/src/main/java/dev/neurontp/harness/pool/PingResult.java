package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.List;

/**
 * Every worker answered, and every pong named that worker's rank, world size and device.
 *
 * @param ranks the workers; a rank 0 in the leader's process is not asked
 * @param took from the first frame written to the last reply read
 */
public record PingResult(List<RankTime> ranks, Duration took) {
    public PingResult {
        ranks = List.copyOf(ranks);
    }
}
