package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * The workers of one daemon, written so that the next one can prove which processes a crash left behind.
 *
 * @param pid of the daemon, with its start and boot
 */
record WorkersFile(int format, long pid, long startTicks, String bootId, List<Worker> workers) {
    /** One rank's process. */
    record Worker(String pool, int rank, long pid, long startTicks, String bootId) {
        ProcessIdentity identity() {
            return new ProcessIdentity(pid, startTicks, bootId);
        }
    }

    static Optional<WorkersFile> read(Path file) {
        try {
            WorkersFile read = Json.mapper().readValue(Files.readAllBytes(file), WorkersFile.class);
            return Optional.ofNullable(read)
                    .filter(known -> known.format() == DaemonFile.FORMAT
                            && known.bootId() != null
                            && known.workers() != null
                            && known.workers().stream().allMatch(worker -> worker.bootId() != null));
        } catch (IOException | JacksonException _) {
            return Optional.empty();
        }
    }

    ProcessIdentity daemon() {
        return new ProcessIdentity(pid, startTicks, bootId);
    }
}
