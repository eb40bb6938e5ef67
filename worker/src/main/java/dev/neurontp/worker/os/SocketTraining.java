package dev.neurontp.worker.os;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;

/** Loads for an AOT cache what a worker needs whose stdout is a socket, which a build's shell cannot give it. The build runs it. */
public final class SocketTraining {
    private static final int STDERR = 2;

    private SocketTraining() {}

    /**
     * Writes an empty line to stderr.
     *
     * @throws IOException when it cannot be written
     */
    public static void run() throws IOException {
        Path stdin = Path.of("/dev/fd/0");
        boolean _ = StandardOutput.isOpenedAgain(stdin);
        LocalSocketOutput.isSame(stdin, stdin);
        LocalSocketOutput.isOne(stdin);
        try {
            boolean _ = LocalSocketOutput.isLocalStream("0");
        } catch (IOException _) {
            // This host lists no sockets: what is not trained is loaded when it is needed.
        }
        new LocalSocketOutput(STDERR, FileDescriptor.err).write('\n');
    }
}
