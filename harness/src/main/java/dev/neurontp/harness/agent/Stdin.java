package dev.neurontp.harness.agent;

import dev.neurontp.worker.os.Descriptor;
import java.io.IOException;
import java.io.InputStream;

/** The leader's lines on their way to the worker. One thread reads; any other may ask what is heard. */
final class Stdin {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int LONGEST_LINE = 256;
    private static final int STDIN = 0;

    private final InputStream in;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean writing;
    /** Of the thread that asks. */
    private int waiting;

    Stdin(InputStream in) {
        this.in = in;
    }

    /** The first line, without its end; cut at 256 bytes. Empty at the end of stdin. */
    String firstLine() {
        StringBuilder line = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && line.length() < LONGEST_LINE; b = in.read()) {
                line.append((char) b);
            }
        } catch (IOException _) {
            return "";
        }
        heardNanos = System.nanoTime();
        return line.toString();
    }

    /** Reads to the end. What the worker does not take any more is read all the same: a lease hangs on it. */
    void passOnTo(Worker worker) {
        byte[] chunk = new byte[CHUNK_BYTES];
        boolean taken = true;
        try {
            for (int count = in.read(chunk, 0, chunk.length); count >= 0; count = in.read(chunk, 0, chunk.length)) {
                heardNanos = System.nanoTime();
                writing = true;
                taken = taken && worker.take(chunk, count);
                writing = false;
            }
        } catch (IOException _) {
            // As the end.
            return;
        } finally {
            writing = false;
        }
    }

    /** When the leader was last heard, on the clock of System.nanoTime. */
    long heardNanos() {
        // What gathers unread is a sign of life too: the worker takes nothing, or is being started, or nothing could be
        // read until now.
        int now = available();
        if (now != waiting) {
            waiting = now;
            heardNanos = System.nanoTime();
        }
        return heardNanos;
    }

    /** For so long, in nanoseconds, nothing could be heard. */
    void wasDeaf(long nanos) {
        long now = System.nanoTime();
        heardNanos = now - Math.max(0, now - heardNanos - nanos);
    }

    /** Whether the leader has closed its end, behind what still waits to be read. */
    boolean isHungUp() {
        return writing && new Descriptor(STDIN).hasNoWriter();
    }

    private int available() {
        try {
            return System.in.available();
        } catch (IOException _) {
            return waiting;
        }
    }
}
