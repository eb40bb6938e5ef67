package dev.neurontp.harness.bench;

import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The temporary folder of a measurement. Its name says whose it is, so that the next one removes what a killed one has left. */
public final class BenchFolder {
    private static final String PREFIX = "tpctl-bench-";

    private BenchFolder() {}

    /** An empty one for this process; those of this user whose process has ended go. */
    public static Path create() throws IOException {
        Path folder = Files.createTempDirectory(PREFIX + LeaderMark.ofThisProcess() + "-");
        try {
            sweep(folder);
        } catch (IOException | UncheckedIOException _) {
            return folder; // what cannot be removed does not keep anybody from measuring
        }
        return folder;
    }

    private static void sweep(Path own) throws IOException {
        UserPrincipal user = Files.getOwner(own);
        try (DirectoryStream<Path> all = Files.newDirectoryStream(own.resolveSibling("."), PREFIX + "*")) {
            for (Path folder : all) {
                if (LeaderMark.isOfEndedLeader(leader(folder))
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                    remove(folder);
                }
            }
        }
    }

    private static String leader(Path folder) {
        String name = folder.getFileName().toString().substring(PREFIX.length());
        return name.substring(0, Math.max(0, name.lastIndexOf('-')));
    }

    /** The same as {@link #remove}, for a process that ends: what stays is said on stderr. */
    public static void removeAtExit(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            Stderr.say("the folder " + folder + " could not be removed: " + e.getMessage());
        }
    }

    /** Removes one with all that is in it, where it is there. Links are not followed. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
