package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.List;

/**
 * How every rank of a pool ended.
 *
 * @param ends one for each rank, in the order of the ranks
 * @param rendezvousClosed whether the thread that creates and serves the comm_id has ended
 * @param took from the first step to the last
 */
public record ShutdownReport(List<RankExit> ends, boolean rendezvousClosed, Duration took) {
    public ShutdownReport {
        ends = List.copyOf(ends);
    }

    /** Whether every worker answered {@code bye} and exited with 0, and nothing had to be forced. */
    public boolean clean() {
        return rendezvousClosed && ends.stream().allMatch(RankExit::clean);
    }

    /** Whether every rank was seen to end. */
    public boolean gone() {
        return rendezvousClosed && ends.stream().allMatch(RankExit::gone);
    }

    /** The ranks that were ended and that nobody has seen to end, in order. */
    public List<RankExit> lost() {
        return ends.stream().filter(RankExit::isLost).toList();
    }

    /** The end of one rank. */
    public RankExit of(int rank) {
        return ends.stream()
                .filter(end -> end.rank() == rank)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("rank " + rank + " is not in this pool"));
    }
}
