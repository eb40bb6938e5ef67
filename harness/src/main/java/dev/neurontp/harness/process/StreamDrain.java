package dev.neurontp.harness.process;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads one of a process's streams to its end, on a thread of its own, and keeps its beginning and its last bytes. */
final class StreamDrain {
    private static final int CHUNK = 8192;

    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    /** What came after the beginning, or the end of that. */
    private final ByteArrayOutputStream last = new ByteArrayOutputStream();

    private final int most;
    /** Whether something between the two is gone. */
    private boolean cut;

    private final Thread thread;

    /**
     * Begins to read.
     *
     * @param most bytes that are kept of each of the two
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
                keep(chunk, count);
            }
        } catch (IOException _) {
            return; // it was ended, and who waits for it says so
        }
    }

    private synchronized void keep(byte[] chunk, int count) {
        int first = Math.min(count, most - beginning.size());
        beginning.write(chunk, 0, first);
        last.write(chunk, first, count - first);
        if (last.size() > 2 * most) {
            byte[] all = last.toByteArray();
            last.reset();
            last.write(all, all.length - most, most);
            cut = true;
        }
    }

    boolean isOpen() {
        return thread.isAlive();
    }

    /** Waits for the end of the stream; false when the time was over before. */
    boolean join(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** The beginning of what was read so far. */
    synchronized String beginning() {
        return beginning.toString(StandardCharsets.UTF_8);
    }

    /** The same, and what came last, on a line of its own where something between them is gone. */
    synchronized String beginningAndEnd() {
        return beginning() + (cut ? "\n" : "") + last.toString(StandardCharsets.UTF_8);
    }
}
