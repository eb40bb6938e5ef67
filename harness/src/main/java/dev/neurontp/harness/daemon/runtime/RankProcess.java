package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcessIdentity;
import java.util.Optional;

/**
 * A process of this host that a daemon has started for a rank.
 *
 * @param device what it holds there; empty where it holds none, as a launcher does
 */
public record RankProcess(int rank, ProcessIdentity process, Optional<Long> device) {}
