package dev.neurontp.harness.api;

import java.util.List;
import java.util.Optional;

/**
 * Why a pool has failed.
 *
 * @param text the whole story, first failure first
 * @param ranks the ranks that failed, first failure first
 */
public record FailureView(String text, List<RankFailed> ranks) {
    /**
     * One rank that failed.
     *
     * @param op what was under way: spawn, ping, init, sanity, shutdown or idle
     * @param end how its process ended
     */
    public record RankFailed(
            int rank,
            long pid,
            String op,
            double elapsedMs,
            String reason,
            String end,
            Optional<String> errorKind,
            Optional<String> errorMessage,
            List<String> stderr) {}
}
