package dev.neurontp.worker;

import dev.neurontp.worker.os.Descriptor;
import dev.neurontp.worker.os.StandardOutput;
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

    /** Opens the stream, and waits for nobody. */
    public static OutputStream open() {
        Integer number = Integer.getInteger(DESCRIPTOR_PROPERTY);
        if (number == null) {
            return openWithoutLauncher();
        }
        return StandardOutput.of(number);
    }

    /** Whether nobody can read what is written any more. */
    static boolean hasNoReader() {
        return new Descriptor(Integer.getInteger(DESCRIPTOR_PROPERTY, STDOUT)).hasNoReader();
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
