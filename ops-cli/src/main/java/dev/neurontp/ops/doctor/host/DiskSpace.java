package dev.neurontp.ops.doctor.host;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The size of a file system and what is free of it, in bytes. */
public record DiskSpace(long total, long free) {
    /** Of the file system that holds {@code folder}; empty where there is no such folder. */
    static Optional<DiskSpace> of(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            return Optional.of(new DiskSpace(store.getTotalSpace(), store.getUsableSpace()));
        } catch (IOException _) {
            // The check says that it could not look.
            return Optional.empty();
        }
    }
}
