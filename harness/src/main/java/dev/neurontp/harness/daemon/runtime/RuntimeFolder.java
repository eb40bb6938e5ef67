package dev.neurontp.harness.daemon.runtime;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folder where the daemons of one user are found (docs/operating.md). Any thread may call. */
public final class RuntimeFolder {
    /** The environment variable that names the folder, for the daemon and for its clients. */
    public static final String VARIABLE = "NEURON_RUNTIME_DIR";

    private static final String NAME = "neurontp";
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    private RuntimeFolder(Path path) {
        this.path = path;
    }

    /** That folder, whatever the environment says. Nothing is made. */
    public static RuntimeFolder at(Path path) {
        return new RuntimeFolder(requireNonNull(path, "path is null").toAbsolutePath());
    }

    /** The folder of this user in this environment. Nothing is made. */
    public static RuntimeFolder of(Map<String, String> environment) {
        return of(environment, ownUid() == 0, Path.of(System.getProperty("user.home")));
    }

    static RuntimeFolder of(Map<String, String> environment, boolean root, Path home) {
        Optional<Path> named = given(environment, VARIABLE);
        if (named.isPresent()) {
            return at(named.get());
        }
        if (root) {
            return at(Path.of("/run", NAME));
        }
        return at(given(environment, "XDG_RUNTIME_DIR")
                .map(folder -> folder.resolve(NAME))
                .orElseGet(() -> home.resolve(".local/state").resolve(NAME)));
    }

    public Path path() {
        return path;
    }

    /** The token that all daemons of this folder take, unless a setting names another file. */
    public Path tokenFile() {
        return path.resolve("token");
    }

    Path daemonFile(long pid) {
        return path.resolve("daemon-" + pid + ".json");
    }

    Path workersFile(long pid) {
        return path.resolve("workers-" + pid + ".json");
    }

    /**
     * Makes the folder if it is missing, mode 0700, and checks that it is ours alone.
     *
     * @throws IOException with the reason, for an operator
     */
    public void open() throws IOException {
        Files.createDirectories(requireNonNull(path.getParent(), "the runtime folder is the root of the file system"));
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException _) {
            requirePrivate();
        }
    }

    private void requirePrivate() throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("the runtime folder " + path + " is no folder: move away what is there");
        }
        int owner = uid(path);
        if (owner != ownUid()) {
            throw new IOException("the runtime folder " + path + " belongs to the user with id " + owner
                    + ", and this is the user with id " + ownUid() + ": name another one with " + VARIABLE);
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (!PRIVATE.containsAll(mode)) {
            throw new IOException("the runtime folder " + path + " has the mode " + PosixFilePermissions.toString(mode)
                    + " and holds the token, so others must not enter: run chmod 700 " + path);
        }
    }

    /** The daemons that live now, in the order of their start. Stale, foreign and unreadable files are left out. */
    public List<DaemonFile> liveDaemons() {
        List<DaemonFile> live = new ArrayList<>();
        for (Path file : list("daemon-*.json")) {
            DaemonFile.read(file).filter(DaemonFile::live).ifPresent(live::add);
        }
        live.sort(Comparator.comparing(DaemonFile::started));
        return live;
    }

    List<Path> list(String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, glob)) {
            files.forEach(found::add);
        } catch (IOException _) {
            return List.of();
        }
        return found;
    }

    private static Optional<Path> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    private static int ownUid() {
        try {
            return uid(Path.of("/proc/self"));
        } catch (IOException e) {
            throw new IllegalStateException("/proc is not there: this program needs Linux with /proc", e);
        }
    }

    private static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
