package dev.neurontp.ops.client;

import java.time.Instant;
import java.util.List;

/** A pool in short, as the list of pools has it. */
public record PoolSummary(
        String id,
        int epoch,
        String state,
        int worldSize,
        String communicator,
        Instant created,
        List<Long> pids,
        Busy busy,
        String reason) {
    public PoolSummary {
        pids = pids == null ? List.of() : List.copyOf(pids);
    }

    /** Whether its processes are still there. */
    public boolean live() {
        return !failed() && !gone();
    }

    public boolean failed() {
        return "failed".equals(state);
    }

    public boolean gone() {
        return "gone".equals(state);
    }

    /** What a pool is doing; {@code null} where it is idle. */
    public record Busy(String op, String operation, long elapsedMs, long limitMs, String text) {}
}
