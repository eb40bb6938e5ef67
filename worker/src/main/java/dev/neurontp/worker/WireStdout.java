package dev.neurontp.worker;

import dev.neurontp.worker.os.Descriptor;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.OutputStream;

/**
 * The stream that carries frames and nothing else (F5). The launcher keeps the real stdout on another descriptor and
 * points descriptor 1 at stderr before the JVM starts, so no print of the JVM or of a native library can get in.
 */
public final class WireStdout {
    /** The number of the descriptor that the launcher put stdout on. */
    static final String DESCRIPTOR_PROPERTY = "neuron.stdout.fd";

    private static final int STDOUT = 1;

    private WireStdout() {}

    /** Opens the stream. A named pipe that nobody reads makes this wait for a reader. */
    public static OutputStream open() {
        Integer number = Integer.getInteger(DESCRIPTOR_PROPERTY);
        if (number == null) {
            return openWithoutLauncher();
        }
        String path = "/dev/fd/" + number;
        if (new File(path).isFile()) {
            // Opened again it would have a position of its own, and whoever writes to it next would overwrite the
            // frames.
            return new Descriptor(number).outputStream();
        }
        try {
            return new FileOutputStream(path, true);
        } catch (FileNotFoundException _) {
            // A socket cannot be opened by its path, another user's pipe may not.
            return new Descriptor(number).outputStream();
        }
    }

    /** Whether nobody can read what is written any more. */
    static boolean isHungUp() {
        return new Descriptor(Integer.getInteger(DESCRIPTOR_PROPERTY, STDOUT)).isHungUp();
    }

    /**
     * Started without bin/neuron: Java's own prints at least are led to stderr. The descriptor is shared with other processes, any
     * of which may make it non-blocking.
     */
    private static OutputStream openWithoutLauncher() {
        System.setOut(System.err);
        return new Descriptor(STDOUT).outputStream();
    }
}
