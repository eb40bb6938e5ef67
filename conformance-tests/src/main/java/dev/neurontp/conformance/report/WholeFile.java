package dev.neurontp.conformance.report;

import dev.neurontp.conformance.process.BoundedAccess;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Writes a file whole or not at all: where the disk is full the file of an earlier run stays as it was. */
public final class WholeFile {
    /** For what is no regular file. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    private WholeFile() {}

    /**
     * Writes next to {@code file} and renames. What is no regular file, such as {@code /dev/stdout}, is written as it is, and whoever reads
     * it has five seconds.
     *
     * @throws IOException that names the file and the reason; nothing new is left then
     */
    public static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            named(file, () -> BoundedAccess.within(BOUND, "reads", () -> Files.writeString(file, text)));
        } else {
            replace(Files.exists(file) ? file.toRealPath() : file, text);
        }
    }

    /**
     * The same for a file whose name nobody chose: what stands in its place is replaced and never written to. A pipe there would wait
     * for a reader, a link could lead anywhere.
     *
     * @throws IOException that names the file and the reason; nothing new is left then
     */
    public static void replace(Path file, String text) throws IOException {
        named(file, () -> rename(file, text));
    }

    @FunctionalInterface
    private interface Write {
        void run() throws IOException;
    }

    private static void named(Path file, Write write) throws IOException {
        try {
            write.run();
        } catch (FileSystemException e) {
            throw e; // it names the file itself
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void rename(Path file, String text) throws IOException {
        // Always the same name, so that the next run takes away what a killed one left.
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        // Nothing that another user put there is written through: in a folder like /tmp it could be a link, or a FIFO.
        Files.deleteIfExists(next);
        try {
            Files.writeString(next, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(next);
        }
    }
}
