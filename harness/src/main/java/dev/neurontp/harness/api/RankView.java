package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One rank of a pool.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}
 * @param roundTripMs of its last pong
 * @param stderr its last lines, at most 10
 */
public record RankView(
        int rank,
        long pid,
        long startTicks,
        String bootId,
        Instant started,
        long device,
        String state,
        Optional<Instant> lastPong,
        Optional<Double> roundTripMs,
        Memory memory,
        List<String> stderr,
        Optional<RankExitView> end) {
    /**
     * What the process holds.
     *
     * @param rssBytes empty when it is gone
     * @param gpuUsedMb MiB at the last poll; empty when nvidia-smi does not name the process
     */
    public record Memory(Optional<Long> rssBytes, Optional<Long> gpuUsedMb) {}
}
