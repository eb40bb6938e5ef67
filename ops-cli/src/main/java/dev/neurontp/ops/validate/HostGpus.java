package dev.neurontp.ops.validate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** How many GPUs this process may use, by what costs no driver call. */
final class HostGpus {
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/gpus");

    private HostGpus() {}

    /** Those of CUDA_VISIBLE_DEVICES where it is set, else those that the driver lists; empty where there is none. */
    static Optional<Integer> count() {
        String visible = System.getenv("CUDA_VISIBLE_DEVICES");
        if (visible != null && !visible.isBlank()) {
            return Optional.of(visible.split(",", -1).length);
        }
        try (Stream<Path> gpus = Files.list(DRIVER)) {
            int found = (int) gpus.count();
            return found == 0 ? Optional.empty() : Optional.of(found);
        } catch (IOException _) {
            return Optional.empty(); // no driver
        }
    }
}
