package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankState;
import java.util.List;
import java.util.Optional;

/** A pool at one moment, as the gauges show it. */
public record PoolGauge(String id, Optional<String> name, String communicator, PoolState state, List<RankState> ranks) {
    boolean up(RankState rank) {
        return rank == RankState.READY || rank == RankState.JOINING || rank == RankState.JOINED;
    }
}
