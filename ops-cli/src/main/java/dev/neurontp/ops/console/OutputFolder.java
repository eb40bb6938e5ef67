package dev.neurontp.ops.console;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder that a command is to write into after a long run. */
public final class OutputFolder {
    /** Less than any report has. */
    private static final int PROBE_BYTES = 4096;

    private OutputFolder() {}

    /**
     * Creates it, and makes sure before the run that files can be written there after it.
     *
     * @param option the option that names it
     * @param given the option's value
     * @throws IllegalArgumentException if they cannot
     */
    public static void require(String option, Path given, Path folder) {
        try {
            Files.createDirectories(folder);
            tryToWrite(folder);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    option + " " + given + ": nothing can be written there (" + reason(e) + "): give another place", e);
        }
    }

    /** On a full disk a file can be created, and not one byte goes in. */
    private static void tryToWrite(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, ".can-write", null);
        try {
            Files.write(file, new byte[PROBE_BYTES]);
        } finally {
            Files.delete(file);
        }
    }

    /** With the path that is at fault, which may be a folder above the one that was given. */
    public static String reason(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException there -> FileErrors.notAFolder(Path.of(there.getFile()));
            case NoSuchFileException missing -> missing.getFile() + " is not there and cannot be created";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            default -> FileErrors.reason(e);
        };
    }
}
