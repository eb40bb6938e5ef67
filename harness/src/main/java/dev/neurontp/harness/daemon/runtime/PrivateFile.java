package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Files that nobody else may read, mode 0600 from their first byte on. A write that fails leaves no file behind, and its error
 * names the file and the room that is left.
 */
public final class PrivateFile {
    private PrivateFile() {}

    /** Writes a temporary file in the same folder and renames it: a reader sees the old content or the new. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path next = TemporaryFiles.nextTo(file);
        try {
            create(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileErrors.notWritten(file, e);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /**
     * Makes the file look as if it had just been written, by the clock of its file system, which is another host's where that is. It is written
     * in its place, which needs no room but where that copies what is written, and nothing of it changes. Without room the clock of this host has
     * to do.
     */
    static void touch(Path file) throws IOException {
        Set<OpenOption> how = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        try (FileChannel channel = FileChannel.open(file, how)) {
            ByteBuffer first = ByteBuffer.allocate(1);
            if (channel.read(first, 0) == 1) {
                channel.write(first.flip(), 0);
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException _) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        }
    }

    /** Removes those of {@code files} that are temporary files and that nobody writes any more. */
    public static void sweep(List<Path> files, Instant now) throws IOException {
        TemporaryFiles.sweep(files, now);
    }

    /** Writes a file that appears with its whole content, and only if there is none of that name. */
    static void createIfMissing(Path file, byte[] content) throws IOException {
        Path next = TemporaryFiles.nextTo(file);
        try {
            create(next, content);
            link(file, next, content);
        } catch (FileAlreadyExistsException _) {
            // Another process was faster, and its file counts.
        } catch (IOException e) {
            throw FileErrors.notWritten(file, e);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void link(Path file, Path next, byte[] content) throws IOException {
        try {
            Files.createLink(file, next);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException _) {
            // Not every file system has hard links.
            create(file, content);
        }
    }

    private static void create(Path file, byte[] content) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        boolean whole = false;
        try {
            try (channel;
                    var out = Channels.newOutputStream(channel)) {
                out.write(content);
            }
            // Network file systems and quotas report only now that there is no room.
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }
}
