package dev.neurontp.harness.process;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads one of a process's streams to its end, on a thread of its own, and keeps its beginning. */
final class StreamDrain {
    private static final int CHUNK = 8192;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int most;
    private final Thread thread;

    /**
     * Begins to read.
     *
     * @param most bytes that are kept
     * @throws ThreadLimitException when the host gives no more threads
     */
    StreamDrain(String program, InputStream stream, int most) throws ThreadLimitException {
        this.most = most;
        thread = DaemonThread.start(program, () -> ChildPipe.toItsEnd(stream, () -> copy(stream)));
    }

    private void copy(InputStream stream) {
        byte[] chunk = new byte[CHUNK];
        try (stream) {
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                if (!keep(chunk, count)) {
                    stream.transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException _) {
            return; // it was ended, and who waits for it says so
        }
    }

    /** False when more is not kept. */
    private synchronized boolean keep(byte[] chunk, int count) {
        kept.write(chunk, 0, Math.min(count, most - kept.size()));
        return kept.size() < most;
    }

    boolean isOpen() {
        return thread.isAlive();
    }

    /** Waits for the end of the stream; false when the time was over before. */
    boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** What was read so far. */
    synchronized String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }
}
