package dev.neurontp.harness.pool;

import java.util.List;
import java.util.Optional;

/**
 * A pool at one moment.
 *
 * @param ranks all ranks in order, rank 0 too
 * @param busy the operation that is under way, as {@code init, 12 s of 120 s}
 * @param unanswered the ranks that it has asked and that have not answered, in order; empty where none is under way
 * @param reason why the pool has failed, one line; empty when it has not
 */
public record PoolSnapshot(
        PoolState state,
        int worldSize,
        List<RankSnapshot> ranks,
        Optional<String> busy,
        List<Integer> unanswered,
        Optional<String> reason) {
    public PoolSnapshot {
        ranks = List.copyOf(ranks);
        unanswered = List.copyOf(unanswered);
    }
}
