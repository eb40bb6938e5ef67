package dev.neurontp.harness.daemon.api;

import java.util.List;

/** All pools, the oldest first. */
public record PoolList(List<PoolSummary> pools) {}
