package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that nobody else may read, mode 0600 from their first byte on. */
final class PrivateFile {
    private PrivateFile() {}

    /** Writes a new file. */
    static void create(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                var out = Channels.newOutputStream(channel)) {
            out.write(content);
        }
    }

    /** Writes beside {@code file} and renames: a reader sees the old content or the new. */
    static void replace(Path file, byte[] content) throws IOException {
        Path next = file.resolveSibling(
                "." + file.getFileName() + "." + Thread.currentThread().threadId());
        Files.deleteIfExists(next);
        create(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
