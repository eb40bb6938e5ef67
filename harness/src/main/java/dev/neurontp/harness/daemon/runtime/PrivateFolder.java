package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Folders that are this user's alone, mode 0700. */
public final class PrivateFolder {
    static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");

    private PrivateFolder() {}

    /** Creates it where it is missing, and those above it that are missing too. What is there stays as it is. */
    public static void create(Path path) throws IOException {
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(MODE));
    }

    /**
     * Returns where it is a folder of this user that nobody else may enter.
     *
     * @param name for the message: {@code the runtime folder}
     * @param why nobody else may enter: {@code holds the token}
     * @param remedy where it is another user's
     * @throws IOException with the reason, for an operator
     */
    public static void require(Path path, String name, String why, String remedy) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new IOException(name + " " + path + " is a link to "
                    + ForeignText.of(Files.readSymbolicLink(path).toString(), ForeignText.MESSAGE)
                    + ": whoever may change it decides where this is: name the folder itself, or " + remedy);
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(name + " " + FileErrors.notAFolder(path) + ": move away what is there");
        }
        int owner = RuntimeFolder.uid(path);
        if (owner != RuntimeFolder.ownUid()) {
            throw new IOException(name + " " + path + " belongs to the user with id " + owner
                    + ", and this is the user with id " + RuntimeFolder.ownUid() + ": " + remedy);
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (!MODE.containsAll(mode)) {
            throw new IOException(name + " " + path + " has the mode " + PosixFilePermissions.toString(mode) + " and "
                    + why + ", so others must not enter: run chmod 700 " + path);
        }
    }
}
