package dev.neurontp.ops.client;

import dev.neurontp.harness.time.WaitedTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * What comes over a socket, bounded as a whole: {@link SocketTimeoutException} then. Time in which this process stood still
 * itself does not count. For one thread.
 */
final class TimedInput extends InputStream {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private final WaitedTime waited = new WaitedTime();
    private Optional<Duration> bound;
    private int at;
    private int end;

    /** All of it must come within {@code bound} from now on. */
    TimedInput(Socket socket, Duration bound) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.bound = Optional.of(bound);
    }

    /** From here on there is no bound. */
    void waitForEver() {
        bound = Optional.empty();
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
        at = 0;
        end = Math.max(0, bound.isPresent() ? read(bound.get()) : readForEver());
        return end > 0;
    }

    private int readForEver() throws IOException {
        socket.setSoTimeout(0);
        return in.read(buffer);
    }

    private int read(Duration bound) throws IOException {
        SocketTimeoutException late = new SocketTimeoutException("it took too long");
        for (long left = waited.toNextLook(bound); left > 0; left = waited.toNextLook(bound)) {
            socket.setSoTimeout((int) (left / NANOS_PER_MS + 1));
            try {
                return in.read(buffer);
            } catch (SocketTimeoutException e) {
                late = e;
            }
        }
        throw late;
    }
}
