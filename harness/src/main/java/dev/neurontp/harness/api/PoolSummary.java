package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pool in a list.
 *
 * @param epoch which pool of this daemon it is, from 1
 * @param pids in the order of the ranks
 * @param reason why it has failed, one line
 */
public record PoolSummary(
        String id,
        int epoch,
        String state,
        int worldSize,
        String communicator,
        Instant created,
        List<Long> pids,
        Optional<BusyView> busy,
        Optional<String> reason) {}
