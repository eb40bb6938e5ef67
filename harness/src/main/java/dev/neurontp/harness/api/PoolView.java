package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Everything known of a pool. See {@link PoolSummary}. */
public record PoolView(
        String id,
        int epoch,
        String state,
        int worldSize,
        String communicator,
        List<String> command,
        Instant created,
        Optional<Instant> ended,
        Optional<BusyView> busy,
        Optional<String> reason,
        Optional<FailureView> failure,
        List<RankView> ranks) {}
