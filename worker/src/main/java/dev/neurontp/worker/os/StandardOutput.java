package dev.neurontp.worker.os;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A stdout that other processes share, any of which may make it non-blocking: a write then waits all the same. */
public final class StandardOutput {
    private static final int KIND = 0170000;
    private static final int FIFO = 0010000;
    private static final String WITHOUT_A_NAME = "pipe:";

    private StandardOutput() {}

    /** Opens the stream of a descriptor, and waits for nobody. */
    public static OutputStream of(int number) {
        Path path = Path.of("/dev/fd", Integer.toString(number));
        if (isOpenedAgain(path)) {
            try {
                return new FileOutputStream(path.toString(), true);
            } catch (IOException _) {
                // Another user's pipe may not be opened by its path.
            }
        }
        return new Descriptor(number).outputStream();
    }

    /**
     * Whether a mode of its own can be had: for a pipe without a name. A named one without a reader would be waited for, a file would get a
     * position of its own, so that whoever writes to it next overwrites this, and a socket cannot be opened by its path.
     */
    private static boolean isOpenedAgain(Path path) {
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode");
            return (mode & KIND) == FIFO
                    && Files.readSymbolicLink(path).toString().startsWith(WITHOUT_A_NAME);
        } catch (IOException _) {
            return false;
        }
    }
}
