package dev.neurontp.worker.os;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path that a person has named, by an argument, a variable or the folder that a program is started in. Java reads its bytes as UTF-8;
 * what is none becomes U+FFFD, and that is the name of another file. Stateless: any thread may call.
 */
public final class NamedPath {
    /** Set by the launchers where the current folder is not there any more: they have gone to / then, where Java starts. */
    private static final String REMOVED = "neuron.folder.removed";

    private static final char REPLACEMENT = '\uFFFD';

    private NamedPath() {}

    /**
     * The path that {@code text} names.
     *
     * @throws IllegalArgumentException with the value, the rule and the remedy, when it is none that Java finds
     */
    public static Path of(String text) {
        if (text.isEmpty()) { // Java's name for the current folder
            throw new IllegalArgumentException("'' names no file: it is empty, like a shell variable that is not set");
        }
        try {
            Path path = Path.of(text);
            Optional<String> problem = problem(path);
            if (problem.isPresent()) {
                throw new IllegalArgumentException("'" + text + "': " + problem.get());
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is no path: " + e.getReason(), e);
        }
    }

    /**
     * Returns where Java finds what {@code path} names.
     *
     * @throws IOException with the rule and the remedy, without the path, when it does not
     */
    public static void require(Path path) throws IOException {
        Optional<String> problem = problem(path);
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }

    /**
     * Returns {@code word}, an argument that is no path, such as one of a command that is to be started.
     *
     * @throws IllegalArgumentException with the value, the rule and the remedy, when Java would pass on another one
     */
    public static String requireWord(String word) {
        if (word.indexOf(REPLACEMENT) >= 0) {
            throw new IllegalArgumentException("'" + word
                    + "' has bytes that are no UTF-8, or U+FFFD, which Java has for them, and it would pass on other ones:"
                    + " write it in UTF-8");
        }
        return word;
    }

    private static Optional<String> problem(Path path) {
        if (!path.isAbsolute() && !path.toString().isEmpty() && Boolean.getBoolean(REMOVED)) {
            return Optional.of("it is relative to the current folder, which has been removed: give its whole path");
        }
        return path.toString().indexOf(REPLACEMENT) < 0
                ? Optional.empty()
                : Optional.of(
                        "its name has bytes that are no UTF-8, and Java would take another file: give it a name in UTF-8");
    }
}
