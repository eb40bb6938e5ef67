package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.FileOwner;
import dev.neurontp.worker.os.NamedPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** A folder that this user alone can write in: {@code neurontp} in the user's cache folder. */
final class PrivateFolder {
    private static final String FRESH = ".new";
    /** To write one takes less than a second. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    private PrivateFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The one in XDG_CACHE_HOME, else in ~/.cache. For root a HOME that is another user's is not its own: {@code sudo -E} keeps one,
     * where that user could replace what root loads, and is locked out of what root creates.
     *
     * @throws IOException when it cannot be created, or somebody else can write there
     */
    static PrivateFolder inCache(Map<String, String> environment) throws IOException {
        return inCache(environment, System.getProperty("user.home", "?"));
    }

    static PrivateFolder inCache(Map<String, String> environment, String passwdHome) throws IOException {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String named = environment.getOrDefault("HOME", "");
        String home = !named.isEmpty() && passwdHome.startsWith("/") && isAnothersForRoot(Path.of(named))
                ? passwdHome
                : named;
        if (cache.isEmpty() && home.isEmpty()) {
            throw new IOException("neither XDG_CACHE_HOME nor HOME is set");
        }
        Path parent = cache.isEmpty() ? Path.of(home, ".cache") : Path.of(cache);
        NamedPath.require(parent);
        Files.createDirectories(parent);
        requireThatNobodyReplacesIt(parent.toRealPath());
        return new PrivateFolder(create(parent.resolve("neurontp")));
    }

    private static boolean isAnothersForRoot(Path home) throws IOException {
        return FileOwner.ofNearest(Path.of("/proc/self")) == ROOT && FileOwner.ofNearest(home) != ROOT;
    }

    /** Who may write in a folder above may put another one in this one's place; where it is sticky, as /tmp, only the owner. */
    private static void requireThatNobodyReplacesIt(Path real) throws IOException {
        for (Path above = real; above != null; above = above.getParent()) {
            int mode = (int) Files.getAttribute(above, "unix:mode");
            if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
                throw new IOException(
                        above + " can be written by everybody, who can then replace what is in it: chmod o-w it");
            }
        }
    }

    /**
     * Puts a file in a folder named after its content, once: any number of processes may do so at the same time.
     *
     * @return the folder that the file is in
     */
    Path keep(String name, byte[] content) throws IOException {
        Path kept = create(folder.resolve(HexFormat.of().formatHex(sha256(content), 0, 8)));
        Path file = kept.resolve(name);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || !Arrays.equals(Files.readAllBytes(file), content)) {
            sweep(kept, name);
            put(file, content);
        }
        return kept;
    }

    private static void put(Path file, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), FRESH);
        try {
            Files.write(fresh, content);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Removes what a process left that was killed while it wrote. */
    private static void sweep(Path kept, String name) throws IOException {
        FileTime abandoned = FileTime.from(Instant.now().minus(ABANDONED));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(kept, name + "*" + FRESH)) {
            for (Path file : files) {
                BasicFileAttributes found =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (found.lastModifiedTime().compareTo(abandoned) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException _) {
            return; // another process swept it, or has put it in its place
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Path create(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        }
        Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!me.equals(owner)) {
            throw new IOException(folder + " belongs to user " + owner + ", and this is user " + me);
        }
        Set<PosixFilePermission> others =
                EnumSet.copyOf(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
        others.retainAll(Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
        if (!others.isEmpty()) {
            throw new IOException(folder + " can be written by others: chmod 700 it");
        }
        return folder;
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
