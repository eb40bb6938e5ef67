package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.NamedPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;

/**
 * Files of a few lines that another process wrote. What is no regular file, or larger than it can be, is not opened: a FIFO
 * would block the reader for ever, and a device may have no end.
 */
public final class SmallFile {
    /** Whoever writes it may ask a person first. */
    private static final Duration NAMED = Duration.ofSeconds(30);

    private SmallFile() {}

    /**
     * All of a regular file; a symbolic link is refused.
     *
     * @throws IOException with the reason; {@link FileErrors#reason} puts it in words
     */
    public static byte[] read(Path file, int atMost) throws IOException {
        return read(file, atMost, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The same, where a symbolic link to a regular file is as good, and with a bound in time: for a file that the user named, while
     * others wait.
     */
    public static byte[] readFollowing(Path file, int atMost) throws IOException {
        return BoundedAccess.call(() -> read(file, atMost, new LinkOption[0]));
    }

    /**
     * All of what the user named, also a pipe as a shell's {@code <(command)} gives it: bounded, since a device may have no end, and nobody
     * may write to a FIFO.
     *
     * @throws IOException with the reason; {@link FileErrors#reason} puts it in words
     */
    public static byte[] readNamed(Path file, int atMost) throws IOException {
        return readNamed(file, atMost, NAMED);
    }

    static byte[] readNamed(Path file, int atMost, Duration bound) throws IOException {
        try {
            return BoundedAccess.call(bound, () -> readAll(file, atMost));
        } catch (BoundedAccess.NoAnswerException e) {
            throw new IOException(
                    "nothing has come from it within " + Durations.time(bound)
                            + ": a FIFO that nobody writes to, or a file system that is gone",
                    e);
        }
    }

    private static byte[] readAll(Path file, int atMost) throws IOException {
        NamedPath.require(file);
        try (InputStream in = Files.newInputStream(file)) {
            return bounded(in, atMost);
        }
    }

    private static byte[] read(Path file, int atMost, LinkOption... links) throws IOException {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, links);
        if (!found.isRegularFile()) {
            throw new IOException("it is " + kind(found) + ", not a regular file");
        }
        if (found.size() > atMost) {
            throw tooLarge(found.size(), atMost);
        }
        OpenOption[] how = new OpenOption[links.length + 1];
        System.arraycopy(links, 0, how, 0, links.length);
        how[links.length] = StandardOpenOption.READ;
        try (InputStream in = Files.newInputStream(file, how)) {
            return bounded(in, atMost);
        }
    }

    /**
     * All of a stream.
     *
     * @throws IOException also where it has more than that
     */
    public static byte[] bounded(InputStream in, int atMost) throws IOException {
        byte[] content = in.readNBytes(atMost + 1);
        if (content.length > atMost) {
            throw tooLarge(content.length, atMost);
        }
        return content;
    }

    private static IOException tooLarge(long size, int atMost) {
        return new IOException("it has " + size + " bytes or more, and at most " + atMost + " are read");
    }

    private static String kind(BasicFileAttributes found) {
        if (found.isDirectory()) {
            return "a folder";
        }
        return found.isSymbolicLink() ? "a symbolic link" : "a FIFO, a socket or a device";
    }
}
