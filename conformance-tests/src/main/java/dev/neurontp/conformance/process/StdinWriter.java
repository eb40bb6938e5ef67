package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Writes to a worker's stdin from a thread of its own, so that a worker that does not read holds nobody up. */
final class StdinWriter implements Runnable {

    private static final byte[] CLOSE = new byte[0];

    private final OutputStream out;
    private final Transcript transcript;
    private final BlockingQueue<byte[]> writes = new LinkedBlockingQueue<>();

    StdinWriter(OutputStream out, Transcript transcript) {
        this.out = out;
        this.transcript = transcript;
    }

    /** Queues bytes, which become one write. */
    void write(byte[] bytes) {
        writes.add(bytes);
    }

    /** Queues bytes in pieces of at most this many, a write each. */
    void writeInPieces(byte[] bytes, int pieceLength) {
        for (int from = 0; from < bytes.length; from += pieceLength) {
            writes.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceLength)));
        }
    }

    /** Closes stdin after all that is queued was written. */
    void close() {
        writes.add(CLOSE);
    }

    /** Closes stdin without what is queued. */
    void giveUp() {
        writes.clear();
        writes.add(CLOSE);
    }

    @Override
    public void run() {
        try (out) {
            for (byte[] bytes = writes.take(); bytes.length > 0; bytes = writes.take()) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            transcript.note("writing to stdin failed: " + e.getMessage());
        } catch (InterruptedException e) {
            transcript.note("writing to stdin was given up");
        }
    }
}
