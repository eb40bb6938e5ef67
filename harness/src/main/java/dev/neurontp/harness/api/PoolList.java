package dev.neurontp.harness.api;

import java.util.List;

/** All pools, the oldest first. */
public record PoolList(List<PoolSummary> pools) {}
