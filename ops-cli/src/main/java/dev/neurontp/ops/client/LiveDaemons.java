package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The daemons of this user and host, by their files in the runtime folder. Nothing in it is written here. */
public final class LiveDaemons {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final RuntimeFolder folder;

    /** Those that have a file in {@code folder}. */
    public LiveDaemons(RuntimeFolder folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder.path();
    }

    Path tokenFile() {
        return folder.tokenFile();
    }

    /**
     * The daemons that live, the oldest first; files of dead ones and of other formats are left out.
     *
     * @throws CommandException when the folder is not safe: who can write there could have our token sent anywhere
     */
    public List<DaemonFile> all() {
        if (Files.exists(folder.path())) {
            refuseIfUnsafe();
        }
        return folder.liveDaemons();
    }

    /** The live daemon whose process is {@code pid}. */
    public Optional<DaemonFile> of(long pid) {
        return all().stream().filter(daemon -> daemon.pid() == pid).findFirst();
    }

    private void refuseIfUnsafe() {
        Path path = folder.path();
        try {
            Object self = Files.getAttribute(Path.of("/proc/self/"), "unix:uid");
            Object owner = Files.getAttribute(path, "unix:uid");
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
            if (!owner.equals(self) || !PRIVATE.containsAll(mode)) {
                throw new CommandException(
                        ExitCode.COULD_NOT_RUN,
                        "the runtime folder " + path + " is not private: it belongs to user id " + owner
                                + " with mode " + PosixFilePermissions.toString(mode) + ", and must be user id " + self
                                + "'s with mode rwx------",
                        "Find out who made it. If it is yours: chmod 700 " + path);
            }
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "the runtime folder " + path + " cannot be looked at: " + FileErrors.reason(e),
                    "Look at it with ls -ld " + path + ", or name the daemon with --host and --token-file.",
                    e);
        }
    }
}
