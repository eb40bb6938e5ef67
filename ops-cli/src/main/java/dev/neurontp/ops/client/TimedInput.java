package dev.neurontp.ops.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** What comes over a socket, bounded as a whole: {@link SocketTimeoutException} then. For one thread. */
final class TimedInput extends InputStream {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private final long start;
    private long bound;
    private int at;
    private int end;

    /** All of it must come within {@code bound} after {@code start}, by {@link System#nanoTime}. */
    TimedInput(Socket socket, long start, Duration bound) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.start = start;
        this.bound = bound.toNanos();
    }

    /** From here on there is no bound. */
    void waitForEver() {
        bound = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        return at < end || fill() ? buffer[at++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == end && !fill()) {
            return -1;
        }
        int count = Math.min(length, end - at);
        System.arraycopy(buffer, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        long left = bound - (System.nanoTime() - start);
        if (left <= 0) {
            throw new SocketTimeoutException("it took too long");
        }
        socket.setSoTimeout(bound == Long.MAX_VALUE ? 0 : (int) Math.min(Integer.MAX_VALUE, left / NANOS_PER_MS + 1));
        at = 0;
        end = Math.max(0, in.read(buffer));
        return end > 0;
    }
}
