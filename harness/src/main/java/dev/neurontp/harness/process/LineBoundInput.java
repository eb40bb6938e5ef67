package dev.neurontp.harness.process;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Ends a stream whose line runs beyond the bound, at once: a leader does not wait for the end of a line that it will not
 * take anyway. The same with blank lines, which are skipped (F3): so many are a flood, which would keep the leader busy for ever.
 */
public final class LineBoundInput extends FilterInputStream {
    private final int limit;
    /** Written by the reader's thread alone. */
    private volatile long lineBytes;

    private boolean isLong;
    private long blanks;

    public LineBoundInput(InputStream in, int limit) {
        super(in);
        this.limit = limit;
    }

    /** A worker sent more bytes without a line break than a frame may have. */
    public static final class LineTooLong extends IOException {
        private static final long serialVersionUID = 1;

        LineTooLong(long bytes, int limit) {
            super("it sent " + bytes + " bytes without a line break: a frame of at most " + limit
                    + " bytes is taken (F8)");
        }
    }

    /** A worker sent as many bytes of blank lines as a frame may have, and nothing else meanwhile. */
    public static final class BlankFlood extends IOException {
        private static final long serialVersionUID = 1;

        BlankFlood(long bytes) {
            super("it has sent " + bytes + " bytes of blank lines and nothing else: stdout carries replies alone (F5)");
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (lineBytes <= LongLines.LONG) {
            forget(); // who reads on has done with the line before
        }
        int count = super.read(buffer, offset, length);
        if (count <= 0) {
            return count;
        }
        blanks = isBlank(buffer, offset, count) ? blanks + count : 0;
        if (blanks > limit) {
            throw new BlankFlood(blanks);
        }
        int last = offset + count - 1;
        while (last >= offset && buffer[last] != '\n') {
            last--;
        }
        int behind = offset + count - 1 - last;
        lineBytes = last < offset ? lineBytes + count : behind;
        if (lineBytes > limit) {
            throw new LineTooLong(lineBytes, limit);
        }
        if (lineBytes > LongLines.LONG && !isLong) {
            LongLines.begin();
            isLong = true;
        }
        return count;
    }

    private static boolean isBlank(byte[] buffer, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r' && buffer[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    /** How many bytes have come since the last line break. Any thread. */
    public long unfinished() {
        return lineBytes;
    }

    /** What was read is kept no longer: other long lines may be read. Whoever reads long ones calls it at the end. */
    public void forget() {
        if (isLong) {
            isLong = false;
            LongLines.end();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }
}
