package dev.neurontp.testing;

import java.nio.file.Path;
import java.util.List;

/** Command lines before a program that give it a pipe which is full and which nobody reads: a log collector that has stopped. */
public final class FullPipe {
    /** It becomes descriptor 8, and stays open at both ends. */
    private static final String OPEN =
            "mkfifo \"$0/full\"; exec 8<>\"$0/full\"; dd if=/dev/zero of=\"$0/full\" bs=4096 oflag=nonblock 2>&-; ";

    private FullPipe() {}

    /** As stderr; the pipe lies in {@code folder}, as {@code full}. */
    public static List<String> asStderr(Path folder) {
        return sh("exec \"$@\" 2>&8 8>&-", folder);
    }

    /** As stdout. */
    public static List<String> asStdout(Path folder) {
        return sh("exec \"$@\" >&8 8>&-", folder);
    }

    private static List<String> sh(String run, Path folder) {
        return List.of("sh", "-c", OPEN + run, folder.toString());
    }
}
