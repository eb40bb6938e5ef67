package dev.neurontp.harness.pool;

import dev.neurontp.testing.Programs;
import java.util.List;

/** Our own worker, as it is packaged. */
final class RealWorkers {
    static final List<String> COMMAND = List.of(Programs.neuron());

    private RealWorkers() {}
}
