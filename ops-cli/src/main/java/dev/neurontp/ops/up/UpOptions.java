package dev.neurontp.ops.up;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.api.PoolRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be brought up.
 *
 * @param size ranks, rank 0 too
 * @param devices one index per rank; empty for 0 to size-1
 * @param communicator empty for what the daemon's settings say
 * @param config the daemon's settings file
 * @param port of the daemon, 0 for a free one
 * @param timeout how long the daemon and the pool may take, each
 */
record UpOptions(
        int size,
        List<Long> devices,
        Optional<String> communicator,
        Optional<Path> config,
        int port,
        Duration timeout) {
    UpOptions {
        devices = List.copyOf(devices);
        requireNonNull(communicator, "communicator is null");
        requireNonNull(config, "config is null");
        requireNonNull(timeout, "timeout is null");
    }

    /** The body of the request for the pool. */
    PoolRequest pool() {
        return new PoolRequest(
                Optional.empty(),
                Map.of(),
                size,
                Optional.of(devices).filter(given -> !given.isEmpty()),
                communicator,
                Optional.empty(),
                Map.of());
    }
}
