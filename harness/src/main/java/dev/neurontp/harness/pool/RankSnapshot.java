package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One rank at one moment.
 *
 * @param process who it is; empty for a rank 0 in the leader's process, and before an agent has told it
 * @param child what was started here for it: the worker, or what carries its pipes
 * @param host the name of its host; empty where it is this one
 * @param rssBytes what it holds in memory, where another host has told it
 * @param started when its process was started
 * @param device its device index
 * @param lastPong when it last answered a ping
 * @param roundTrip how long that took
 */
public record RankSnapshot(
        int rank,
        Optional<ProcessIdentity> process,
        Optional<ProcessIdentity> child,
        Optional<String> host,
        Optional<Long> rssBytes,
        Instant started,
        long device,
        RankState state,
        Optional<Instant> lastPong,
        Optional<Duration> roundTrip) {}
