package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankState;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * A pool at one moment, as the gauges show it.
 *
 * @param ranks all of them, in order; none before its processes are there
 */
public record PoolGauge(
        String id, Optional<String> name, String communicator, PoolState state, int worldSize, List<Rank> ranks) {
    /** One rank; {@code host} is the name of its host where that is not the daemon's. */
    public record Rank(RankState state, Optional<String> host) {}

    static boolean up(Rank rank) {
        return EnumSet.of(RankState.READY, RankState.JOINING, RankState.JOINED).contains(rank.state());
    }
}
