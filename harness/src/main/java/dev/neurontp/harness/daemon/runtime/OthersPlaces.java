package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.worker.os.FileOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which places root leaves to those whose they are. {@code sudo -E}, and {@code su} without {@code -}, keep a user's {@code HOME}: what root
 * creates there would lock that user out. Any thread may call.
 */
public final class OthersPlaces {
    private static final int ROOT = 0;
    private static final Duration BOUND = Duration.ofSeconds(1);

    private OthersPlaces() {}

    /** What the user {@code uid} leaves alone. A file system that does not answer within 1 s is asked again when the place is opened. */
    public static Predicate<Path> leftAloneBy(int uid) {
        return place -> uid == ROOT && isAnothers(place);
    }

    /** The same for the user that this process runs as. */
    public static Predicate<Path> leftAlone() {
        return leftAloneBy(RuntimeFolder.ownUid());
    }

    private static boolean isAnothers(Path place) {
        try {
            return BoundedAccess.call(BOUND, () -> FileOwner.ofNearest(place)) != ROOT;
        } catch (IOException _) {
            return false;
        }
    }

    /** The homes of a user, that of {@code HOME} first: it counts where it is the user's own, and where passwd names it too. */
    public static Stream<Path> homes(Optional<Path> named, Optional<Path> passwd, Predicate<Path> leftAlone) {
        Optional<Path> own = named.filter(Path::isAbsolute)
                .filter(home -> passwd.filter(home::equals).isPresent() || !leftAlone.test(home));
        return Stream.concat(own.stream(), passwd.filter(Path::isAbsolute).stream());
    }
}
