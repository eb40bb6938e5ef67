package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file cannot be read or written, in words: Java's own messages are often the file's name and nothing else. */
public final class FileErrors {
    private FileErrors() {}

    /** What ends a sentence such as "the file X cannot be read: ". */
    public static String reason(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "this user may not";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> problem.getMessage() == null ? problem.toString() : problem.getMessage();
        };
    }

    /** The same with the folder and the room that its file system has left, for a file that could not be written. */
    public static IOException notWritten(Path file, IOException problem) {
        return new IOException(file + " cannot be written: " + reason(problem) + room(file), problem);
    }

    private static String room(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            return " (its file system has " + Files.getFileStore(folder).getUsableSpace() + " bytes left)";
        } catch (IOException _) {
            return ""; // the first reason says more
        }
    }
}
