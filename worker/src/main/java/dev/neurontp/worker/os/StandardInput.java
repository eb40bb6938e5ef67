package dev.neurontp.worker.os;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * This process's stdin, which a process that shares it may make non-blocking at any time: a read then waits all the same. Java's
 * own stream reads until it fails, at no cost; from then on the C library does, which tells why by errno. One thread at a time.
 */
public final class StandardInput extends InputStream {
    /** Names the descriptor that the launcher has put stdin on, where that is not 0. */
    private static final String PROPERTY = "neuron.stdin.fd";

    private static final int STDIN = 0;
    private static final Path OF_JAVA = Path.of("/dev/fd/0");

    private final int number;
    private InputStream in;
    private boolean byErrno;

    /** Where the launcher says. */
    public StandardInput() {
        this(number());
    }

    /** A stdin that the launcher has put on that descriptor. */
    public StandardInput(int number) {
        this.number = number;
    }

    /** The descriptor that stdin is. */
    public static int number() {
        return Integer.getInteger(PROPERTY, STDIN);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (in == null) {
            in = open();
        }
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            if (byErrno) {
                throw e;
            }
            in = byErrno();
            return in.read(bytes, offset, length);
        }
    }

    /** Without the C library where that can be. */
    private InputStream open() {
        if (number == STDIN) {
            return new FileInputStream(FileDescriptor.in);
        }
        Path path = Path.of("/dev/fd", Integer.toString(number));
        if (StandardOutput.isOpenedAgain(path)) {
            try {
                return new FileInputStream(path.toString());
            } catch (IOException _) {
                // Another user's may not be opened by its path.
            }
        }
        // As sshd gives for both, so that it is the one that Java has a way to.
        return LocalSocketOutput.isSame(path, OF_JAVA) ? new FileInputStream(FileDescriptor.in) : byErrno();
    }

    private InputStream byErrno() {
        byErrno = true;
        return new Descriptor(number).inputStream();
    }
}
