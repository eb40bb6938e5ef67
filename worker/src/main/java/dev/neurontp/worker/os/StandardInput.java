package dev.neurontp.worker.os;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * This process's stdin, which a process that shares it may make non-blocking at any time: a read then waits all the same. Java's
 * own stream reads until it fails, at no cost; from then on the C library does, which tells why by errno.
 */
public final class StandardInput extends InputStream {
    private static final int STDIN = 0;

    private final int number;
    private InputStream in = new FileInputStream(FileDescriptor.in);
    private boolean byErrno;

    public StandardInput() {
        this(STDIN);
    }

    /** A stdin that the launcher has put on another descriptor, which Java has no way to: the C library reads it. */
    public StandardInput(int number) {
        this.number = number;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (number != STDIN && !byErrno) {
            readByErrno();
        }
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            if (byErrno) {
                throw e;
            }
            readByErrno();
            return in.read(bytes, offset, length);
        }
    }

    private void readByErrno() {
        byErrno = true;
        in = new Descriptor(number).inputStream();
    }
}
