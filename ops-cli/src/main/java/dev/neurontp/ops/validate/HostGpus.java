package dev.neurontp.ops.validate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** How many GPUs this process may use, by what costs no driver call. */
final class HostGpus {
    private static final Path DRIVER = Path.of("/proc/driver/nvidia/gpus");
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

    private HostGpus() {}

    /** Whether the variable is set to nothing: CUDA shows no GPU then. */
    static boolean isHidden() {
        String visible = System.getenv(VISIBLE);
        return visible != null && visible.isBlank();
    }

    /** Those of CUDA_VISIBLE_DEVICES where it is set, else those that the driver lists; empty where there is none. */
    static Optional<Integer> count() {
        if (isHidden()) {
            return Optional.empty();
        }
        String visible = System.getenv(VISIBLE);
        if (visible != null) {
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
