package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.pool.PoolFailure;
import dev.neurontp.harness.pool.PoolSnapshot;
import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything known of a pool at one moment.
 *
 * @param active the operation that is under way
 * @param ended when its end was complete
 * @param gone whether all of it was seen to end; empty until its end is complete
 * @param failure why it has failed
 * @param ranks all ranks in order
 */
public record PoolStatus(
        PoolSnapshot snapshot,
        Optional<ActiveOperation> active,
        Optional<Instant> ended,
        Optional<Boolean> gone,
        Optional<PoolFailure> failure,
        List<Rank> ranks) {
    public PoolStatus {
        ranks = List.copyOf(ranks);
    }

    /**
     * One rank.
     *
     * @param residentBytes what its process holds; empty when it is gone
     * @param gpuMiB what it holds on GPUs at the last poll; empty when nvidia-smi does not name it
     * @param stopped whether a signal or a debugger has stopped its process
     * @param arrived while the pool's ranks join: whether it has come to the rendezvous; empty where nobody can tell
     * @param stderr its last lines
     * @param exit how it ended
     */
    public record Rank(
            RankSnapshot snapshot,
            Optional<Long> residentBytes,
            Optional<Long> gpuMiB,
            boolean stopped,
            Optional<Boolean> arrived,
            List<String> stderr,
            Optional<RankExit> exit) {}
}
