package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** Where a daemon in the background writes its log: a file of our own in a runtime folder that outlives the login session. */
final class UpLog {
    private static final String PREFIX = "up-";
    private static final String SUFFIX = ".log";
    private static final int LAST_LINES = 20;
    private static final int LAST_BYTES = 64 * 1024;
    /** Some lines. */
    private static final int PROBE_BYTES = 4096;
    /** Less than a start and its files may take, in blocks. */
    private static final int LITTLE_ROOM = 32 * 1024;

    /** After its daemon: a log that cannot be reached is no reason to wait, and each look may take as long. */
    private static final Duration LOOK = Duration.ofSeconds(3);

    private UpLog() {}

    /** What is in a log. */
    enum Content {
        EMPTY,
        WORDS,
        /** It cannot be looked at: its file system does not answer. */
        UNKNOWN
    }

    /** An empty file that can be written: a daemon that cannot write its log cannot say why it does not start. */
    static Path create(RuntimeFolders folders) {
        try {
            return createIn(folders.openLasting().path());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the daemon's log cannot be written: " + FileErrors.reason(e),
                    "Make room there where it is full, else mend that; or name another folder with "
                            + RuntimeFolder.VARIABLE + ".",
                    e);
        }
    }

    /** The same in {@code folder}, whose file system may answer no more since it was opened. */
    static Path createIn(Path folder) throws IOException {
        return BoundedAccess.call(() -> create(folder));
    }

    private static Path create(Path folder) throws IOException {
        // As long as its name is not known, for a message.
        Path log = folder.resolve(PREFIX + "0" + SUFFIX);
        try {
            log = Files.createTempFile(
                    folder,
                    PREFIX,
                    SUFFIX,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(log, new byte[PROBE_BYTES]);
            Files.write(log, new byte[0]);
            return log;
        } catch (IOException e) {
            Files.deleteIfExists(log);
            throw FileErrors.notWritten(log, e);
        }
    }

    /** Removes the log of a start that failed; shows its last lines where they say why. */
    static void remove(Path log, Screen screen, boolean show) {
        try {
            if (show) {
                List<String> lines =
                        BoundedAccess.call(LOOK, () -> end(log)).lines().toList();
                lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())
                        .forEach(line -> screen.say("  " + ForeignText.of(line, ForeignText.MESSAGE)));
            }
            delete(log);
        } catch (IOException e) {
            screen.say("the daemon's log " + log + " cannot be shown and removed: " + FileErrors.reason(e));
        }
    }

    static boolean isLog(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.isAbsolute()
                && ForeignText.of(file.toString()).equals(file.toString())
                && name.startsWith(PREFIX)
                && name.endsWith(SUFFIX);
    }

    /** Removes it, where it is there. */
    static void delete(Path log) throws IOException {
        BoundedAccess.call(LOOK, () -> Files.deleteIfExists(log));
    }

    /** Whether it is a log that is there, or may be. */
    static boolean isThere(Path log) {
        try {
            return isLog(log) && BoundedAccess.call(LOOK, () -> Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException _) {
            return true; // its file system does not answer
        }
    }

    /** What the daemon has written. */
    static Content content(Path log) {
        try {
            return BoundedAccess.call(LOOK, () -> Files.size(log)) == 0 ? Content.EMPTY : Content.WORDS;
        } catch (NoSuchFileException _) {
            return Content.EMPTY;
        } catch (IOException _) {
            return Content.UNKNOWN;
        }
    }

    /** A sentence more, where its file system is full or nearly so and the last words may not have got in; else empty. */
    static String lackOfRoom(Path log) {
        try {
            long bytes = BoundedAccess.call(LOOK, () -> Files.getFileStore(log).getUsableSpace());
            return bytes < LITTLE_ROOM
                    ? " The file system of " + log.getParent() + " has " + bytes
                            + " bytes left, too few for a daemon's files and its last words: make room there, or name another folder with "
                            + RuntimeFolder.VARIABLE + "."
                    : "";
        } catch (IOException _) {
            return ""; // it is gone, or nobody knows
        }
    }

    /** However much was written, and whatever bytes. */
    private static String end(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ);
                InputStream in = Channels.newInputStream(channel)) {
            channel.position(Math.max(0, channel.size() - LAST_BYTES));
            return new String(in.readNBytes(LAST_BYTES), StandardCharsets.UTF_8);
        }
    }
}
