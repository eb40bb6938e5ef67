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

    private InputStream in = new FileInputStream(FileDescriptor.in);
    private boolean byErrno;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            if (byErrno) {
                throw e;
            }
            byErrno = true;
            in = new Descriptor(STDIN).inputStream();
            return in.read(bytes, offset, length);
        }
    }
}
