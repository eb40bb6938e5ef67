package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Why a file cannot be read or written, in words: Java's own messages are often the file's name and nothing else. */
public final class FileErrors {
    /** ENOSPC, in the locale that the launchers set. */
    private static final String NO_SPACE = "No space left on device";

    /** EFBIG, which no usual file system gives to files of this size. */
    private static final String TOO_LARGE = "File too large";

    private static final String OTHER_LIMITS =
            ": df -i shows whether it is out of inodes, quota -s whether this user may have no more";

    private FileErrors() {}

    /** What ends a sentence such as "the file X cannot be read: ". */
    public static String reason(IOException problem) {
        String said = said(problem);
        return said.equals(TOO_LARGE)
                ? said + ", a limit on the size of files is reached: raise it (ulimit -f, or LimitFSIZE= of a unit)"
                : said;
    }

    private static String said(IOException problem) {
        return switch (problem) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "this user may not";
            case CharacterCodingException _ -> "it is no text in UTF-8";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> problem.getMessage() == null ? problem.toString() : problem.getMessage();
        };
    }

    /** What is wrong with a path that does not count as a folder: it is none, or nobody can look at it. */
    public static String notAFolder(Path path) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return path + " is no folder";
        } catch (IOException e) {
            return path + " cannot be looked at: " + reason(e);
        }
    }

    /** The same with the folder and the room that its file system has left, for a file that could not be written. */
    public static IOException notWritten(Path file, IOException problem) {
        String said = said(problem);
        String room = said.equals(TOO_LARGE) ? "" : room(file, said.equals(NO_SPACE));
        return new IOException(file + " cannot be written: " + reason(problem) + room, problem);
    }

    private static String room(Path file, boolean noSpace) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            long bytes = Files.getFileStore(folder).getUsableSpace();
            return " (its file system has " + bytes + " bytes left" + (bytes > 0 && noSpace ? OTHER_LIMITS : "") + ")";
        } catch (IOException _) {
            return ""; // the first reason says more
        }
    }
}
