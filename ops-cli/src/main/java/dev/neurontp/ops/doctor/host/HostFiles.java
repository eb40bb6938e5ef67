package dev.neurontp.ops.doctor.host;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.process.BoundedAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a host, below a root folder. Paths are absolute as on the host. Any thread. */
public final class HostFiles {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_NAMES = 65_536;

    private final Path root;

    /** {@code root} is another folder than / in tests only. */
    public HostFiles(Path root) {
        this.root = requireNonNull(root, "root is null");
    }

    /** Where the file is. */
    public Path path(String file) {
        return root.resolve(file.substring(1));
    }

    /**
     * The first 64 KiB of a file; empty where it is not there or must not be read, or is no file: whoever opens a FIFO waits for its other
     * end. A file system that does not answer is waited for for ten seconds a file, and no more once sixteen looks at it wait.
     */
    public Optional<String> text(String file) {
        try {
            // The kernel's own are many, and answer.
            return file.startsWith("/proc/") || file.startsWith("/sys/")
                    ? read(path(file))
                    : BoundedAccess.call(() -> read(path(file)));
        } catch (IOException _) {
            // Absent and unreadable are the same here: nothing was seen, and the check says so.
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Optional.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        }
    }

    /** Its first line, without blanks around it. */
    public Optional<String> line(String file) {
        return text(file).map(text -> text.lines().findFirst().orElse("").strip());
    }

    /** Its first line as a whole number. */
    public Optional<Long> number(String file) {
        return line(file).filter(text -> text.matches("-?[0-9]{1,18}")).map(Long::valueOf);
    }

    /** The names in a folder, sorted; none where it is not there or must not be read. */
    public List<String> names(String folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(folder))) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
                if (names.size() == MOST_NAMES) {
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // What was listed so far is what is known.
            names.sort(null);
            return names;
        }
        names.sort(null);
        return names;
    }

    /** Whether there is something of that name, a link to nothing too. */
    public boolean exists(String file) {
        return Files.exists(path(file), LinkOption.NOFOLLOW_LINKS);
    }

    /** Whether this user may read and write it. */
    public boolean usable(String file) {
        return Files.isReadable(path(file)) && Files.isWritable(path(file));
    }

    /** The bytes of a file; 0 where it is not there. */
    public long size(String file) {
        try {
            return Files.size(path(file));
        } catch (IOException _) {
            // It has gone since it was listed.
            return 0;
        }
    }

    /** What a symbolic link says, not followed further. */
    public Optional<String> link(String file) {
        try {
            return Optional.of(Files.readSymbolicLink(path(file)).toString());
        } catch (IOException | UnsupportedOperationException _) {
            // No link, or one of a process that has ended or is another user's.
            return Optional.empty();
        }
    }
}
