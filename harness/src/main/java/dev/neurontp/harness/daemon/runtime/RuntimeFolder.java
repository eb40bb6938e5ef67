package dev.neurontp.harness.daemon.runtime;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.worker.os.NamedPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The folder where the daemons of one user are found (docs/operating.md). Any thread may call. */
public final class RuntimeFolder {
    /** The environment variable that names the folder, for the daemon and for its clients. */
    public static final String VARIABLE = "NEURON_RUNTIME_DIR";

    /** More daemons than a host has, and few enough to read in a moment. */
    private static final int MOST_FILES = 1000;

    private final Path path;

    private RuntimeFolder(Path path) {
        this.path = path;
    }

    /** That folder, whatever the environment says. Nothing is created. */
    public static RuntimeFolder at(Path path) {
        return new RuntimeFolder(requireNonNull(path, "path is null").toAbsolutePath());
    }

    public Path path() {
        return path;
    }

    /** The token that all daemons of this folder take, unless a setting names another file. */
    public Path tokenFile() {
        return path.resolve("token");
    }

    /** A token of that daemon alone, where the folder's token is another one. */
    Path ownTokenFile(long pid) {
        return path.resolve("token-" + pid + "-" + HostIdentity.key());
    }

    /** The names that the file of the daemon {@code pid} can have, the usual one first. */
    List<Path> daemonFiles(long pid) {
        return named("daemon-" + pid);
    }

    /** The same for the file of its workers. */
    List<Path> workersFiles(long pid) {
        return named("workers-" + pid);
    }

    /** The usual name, and one for when a daemon of another host or container with the same pid was faster. */
    private List<Path> named(String name) {
        return List.of(path.resolve(name + ".json"), path.resolve(name + "-" + HostIdentity.key() + ".json"));
    }

    /** The first of {@code names} that no file has, or that is {@code ours} to replace. */
    Path free(List<Path> names, Predicate<Path> ours) {
        return names.stream()
                .filter(file -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS) || ours.test(file))
                .findFirst()
                .orElseGet(names::getLast);
    }

    /** Removes those of {@code names} that are {@code ours}. */
    void deleteOwn(List<Path> names, Predicate<Path> ours) throws IOException {
        for (Path file : names) {
            if (ours.test(file)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * Creates the folder if it is missing, mode 0700, and checks that it is ours alone.
     *
     * @throws NotCreated when it cannot be created here
     * @throws IOException with the reason, for an operator, when it is not safe
     */
    public void open() throws IOException {
        String shown = ForeignText.of(path.toString());
        if (!shown.equals(path.toString())) {
            throw new NotCreated(
                    Path.of(shown), new IOException("its path has control characters, which no message can show"));
        }
        try {
            NamedPath.require(path);
            Files.createDirectories(
                    requireNonNull(path.getParent(), "the runtime folder is the root of the file system"));
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PrivateFolder.MODE));
        } catch (FileAlreadyExistsException e) {
            if (!path.toString().equals(e.getFile())) {
                throw new NotCreated(path, new IOException(FileErrors.notAFolder(Path.of(e.getFile())), e));
            }
            requirePrivate();
        } catch (IOException e) {
            throw new NotCreated(path, e);
        }
    }

    /** The folder is not there and this user cannot create it. */
    static final class NotCreated extends IOException {
        private static final long serialVersionUID = 1;

        NotCreated(Path path, IOException reason) {
            super(
                    "the runtime folder " + path + " cannot be created: " + FileErrors.reason(reason)
                            + ". Name another one with " + VARIABLE,
                    reason);
        }
    }

    private void requirePrivate() throws IOException {
        PrivateFolder.require(path, "the runtime folder", "holds the token", "name another one with " + VARIABLE);
    }

    /** Whether it is there and this user's alone. */
    public boolean isOurs() {
        try {
            requirePrivate();
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The daemons that live now, in the order of their start. Stale, foreign and unreadable files are left out. */
    public List<DaemonFile> liveDaemons() {
        return contents().live();
    }

    /** What its files tell of daemons. One bad file hides no other; a folder that is not there is empty. */
    public FolderContents contents() {
        ContentsReader reader = new ContentsReader();
        try {
            List<Path> files = list("daemon-*.json");
            files.stream().limit(MOST_FILES).forEach(reader::add);
            if (files.size() > MOST_FILES) {
                reader.unreadable(
                        path, "it holds more than " + MOST_FILES + " daemon files, and only so many are read");
            }
        } catch (IOException e) {
            reader.unreadable(path, FileErrors.reason(e));
        }
        return reader.contents();
    }

    static Instant written(Path file) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    /** The files whose names match, a few more than {@link #MOST_FILES} at most; none where there is no folder. */
    List<Path> list(String glob) throws IOException {
        NamedPath.require(path);
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, glob)) {
            Iterator<Path> each = files.iterator();
            while (found.size() <= MOST_FILES && each.hasNext()) {
                found.add(each.next());
            }
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    static int ownUid() {
        try {
            return uid(Path.of("/proc/self"));
        } catch (IOException e) {
            throw new IllegalStateException("/proc is not there: this program needs Linux with /proc", e);
        }
    }

    static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
