package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every rank that was asked has answered, and rightly.
 *
 * @param ranks in the order of the ranks; a rank 0 in the leader's process is not asked for a ping
 * @param took from the first frame written to the last reply read
 */
public record OperationResult<R extends WorkerResponse>(List<RankReply<R>> ranks, Duration took) {
    public OperationResult {
        ranks = List.copyOf(ranks);
    }

    /**
     * What one rank answered.
     *
     * @param pid of the worker, or of the leader for a rank 0 in its process
     * @param host the name of its host; empty where it is this one
     * @param took from writing its frame to reading its reply
     */
    public record RankReply<R extends WorkerResponse>(
            int rank, long pid, Optional<String> host, Duration took, R reply) {}

    /** The reply of the lowest rank that was asked. */
    public R first() {
        return ranks.getFirst().reply();
    }
}
