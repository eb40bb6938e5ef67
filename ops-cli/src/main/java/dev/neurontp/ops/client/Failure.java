package dev.neurontp.ops.client;

import java.util.List;

/** Why a pool failed: the whole story, and each rank's, the first failure first. */
public record Failure(String text, List<RankFailure> ranks) {
    public Failure {
        ranks = ranks == null ? List.of() : List.copyOf(ranks);
    }

    /** One rank's part. */
    public record RankFailure(
            int rank, long pid, String op, double elapsedMs, String reason, String end, List<String> stderr) {
        public RankFailure {
            stderr = stderr == null ? List.of() : List.copyOf(stderr);
        }
    }
}
