package dev.neurontp.worker.os;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A stdout that other processes share, any of which may make it non-blocking: a write then waits all the same. What cannot be
 * so, or can be had in a mode of its own, does without the C library, whose first call costs a quarter of a short command.
 */
public final class StandardOutput {
    /** What Java has a way to by the number, beside stderr. */
    private static final Map<Integer, FileDescriptor> STANDARD = Map.of(0, FileDescriptor.in, 1, FileDescriptor.out);

    private static final int KIND = 0170000;
    private static final int FIFO = 0010000;
    private static final int REGULAR = 0100000;
    private static final int CHARACTERS = 0020000;
    private static final int SOCKET = 0140000;
    private static final String WITHOUT_A_NAME = "pipe:";
    private static final String PSEUDOTERMINAL = "/dev/pts/";
    private static final String NOWHERE = "/dev/null";

    private StandardOutput() {}

    /** Opens the stream of a descriptor, and waits for nobody. */
    public static OutputStream of(int number) {
        Path path = Path.of("/dev/fd", Integer.toString(number));
        int kind = kind(path);
        // A regular file has no such mode.
        if (kind == REGULAR && STANDARD.containsKey(number)) {
            return new FileOutputStream(STANDARD.get(number));
        }
        if (kind == SOCKET && STANDARD.containsKey(number) && LocalSocketOutput.isOne(path)) {
            return new LocalSocketOutput(number, STANDARD.get(number));
        }
        if (isOpenedAgain(path, kind)) {
            try {
                return new FileOutputStream(path.toString(), true);
            } catch (IOException _) {
                // Another user's may not be opened by its path.
            }
        }
        return new Descriptor(number).outputStream();
    }

    /** The same for reading: such a descriptor at {@code path}, below /proc, can be opened again without waiting for anybody. */
    static boolean isOpenedAgain(Path path) {
        return isOpenedAgain(path, kind(path));
    }

    private static int kind(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") & KIND;
        } catch (IOException _) {
            return 0;
        }
    }

    /**
     * Whether a mode of its own can be had: for a pipe without a name, a terminal of a window or of ssh, and /dev/null. A named pipe without
     * a reader would be waited for, and a serial line without a carrier; a file would get a position of its own, so that whoever writes to
     * it next overwrites this; a socket cannot be opened by its path.
     */
    private static boolean isOpenedAgain(Path path, int kind) {
        try {
            String name = Files.readSymbolicLink(path).toString();
            return switch (kind) {
                case FIFO -> name.startsWith(WITHOUT_A_NAME);
                case CHARACTERS -> name.startsWith(PSEUDOTERMINAL) || name.equals(NOWHERE);
                default -> false;
            };
        } catch (IOException _) {
            return false;
        }
    }
}
