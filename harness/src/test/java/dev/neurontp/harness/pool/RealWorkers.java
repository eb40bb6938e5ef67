package dev.neurontp.harness.pool;

import java.nio.file.Path;
import java.util.List;

/** Our own worker, as it is packaged. */
final class RealWorkers {
    static final List<String> COMMAND = List.of(
            Path.of(System.getProperty("neurontp.root"), "bin", "neuron").toString());

    private RealWorkers() {}
}
