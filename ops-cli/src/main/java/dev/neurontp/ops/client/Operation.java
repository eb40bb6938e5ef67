package dev.neurontp.ops.client;

import java.util.List;

/** One operation on a pool; {@code result} when it is done, {@code error} when it failed. */
public record Operation(String id, String pool, String op, String state, long limitMs, Result result, ApiError error) {
    public boolean finished() {
        return "done".equals(state) || "failed".equals(state);
    }

    /** What came out; {@code sum} of a sanity check, {@code ends} of a shutdown or a kill, {@code ranks} of the others. */
    public record Result(
            double tookMs, Long sum, Boolean clean, Boolean gone, List<RankTime> ranks, List<Pool.RankEnd> ends) {
        public Result {
            ranks = ranks == null ? List.of() : List.copyOf(ranks);
            ends = ends == null ? List.of() : List.copyOf(ends);
        }
    }

    /** How long one rank took. */
    public record RankTime(int rank, long pid, double tookMs) {}
}
