package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One rank at one moment.
 *
 * @param process who it is; empty for a rank 0 in the leader's process
 * @param started when its process was started
 * @param device its device index
 * @param lastPong when it last answered a ping
 * @param roundTrip how long that took
 */
public record RankSnapshot(
        int rank,
        Optional<ProcessIdentity> process,
        Instant started,
        long device,
        RankState state,
        Optional<Instant> lastPong,
        Optional<Duration> roundTrip) {}
