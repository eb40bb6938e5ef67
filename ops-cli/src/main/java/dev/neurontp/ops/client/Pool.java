package dev.neurontp.ops.client;

import java.time.Instant;
import java.util.List;

/** Everything that the daemon knows of a pool. */
public record Pool(
        String id,
        int epoch,
        String state,
        int worldSize,
        String communicator,
        List<String> command,
        Instant created,
        Instant ended,
        PoolSummary.Busy busy,
        String reason,
        Failure failure,
        List<Rank> ranks) {
    public Pool {
        command = command == null ? List.of() : List.copyOf(command);
        ranks = ranks == null ? List.of() : List.copyOf(ranks);
    }

    public boolean failed() {
        return "failed".equals(state);
    }

    /** Whether its processes have been ended. */
    public boolean over() {
        return failed() || "gone".equals(state);
    }

    /** One rank's process; {@code lastPong}, {@code roundTripMs} and {@code end} may be {@code null}. */
    public record Rank(
            int rank,
            long pid,
            long device,
            String state,
            Instant started,
            Instant lastPong,
            Double roundTripMs,
            Memory memory,
            List<String> stderr,
            RankEnd end) {
        public Rank {
            stderr = stderr == null ? List.of() : List.copyOf(stderr);
        }
    }

    /** What a process holds; {@code null} where it is not known. */
    public record Memory(Long rssBytes, Long gpuUsedMb) {}

    /** How a process ended, in the daemon's words. */
    public record RankEnd(int rank, long pid, boolean bye, boolean gone, double tookMs, String text) {}
}
