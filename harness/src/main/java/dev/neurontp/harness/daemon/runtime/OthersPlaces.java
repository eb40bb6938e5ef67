package dev.neurontp.harness.daemon.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Which places root leaves to those whose they are. {@code sudo -E}, and {@code su} without {@code -}, keep a user's {@code HOME}: what root
 * creates there would lock that user out. Any thread may call.
 */
public final class OthersPlaces {
    private static final int ROOT = 0;
    private static final Duration BOUND = Duration.ofSeconds(1);

    private OthersPlaces() {}

    /** What the user {@code uid} may take. A file system that does not answer within 1 s is asked again when the place is opened. */
    public static Predicate<Path> leftAloneBy(int uid) {
        return place -> uid == ROOT && isAnothers(place);
    }

    /** The same for the user that this process runs as. */
    public static Predicate<Path> leftAlone() {
        return leftAloneBy(RuntimeFolder.ownUid());
    }

    private static boolean isAnothers(Path place) {
        try {
            return BoundedAccess.call(BOUND, () -> ownerOfNearest(place)) != ROOT;
        } catch (IOException _) {
            return false;
        }
    }

    /** Of the place, or of the folder that is there nearest above it. */
    private static int ownerOfNearest(Path place) throws IOException {
        Path nearest = place;
        while (Files.notExists(nearest, LinkOption.NOFOLLOW_LINKS) && nearest.getParent() != null) {
            nearest = nearest.getParent();
        }
        return RuntimeFolder.uid(nearest);
    }
}
