package dev.neurontp.ops.console;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Prints on a thread of its own, so that a reader who has stopped holds up nobody but that thread. What was not printed yet is kept.
 * Any thread.
 */
public final class QueuedOutput extends Writer {
    /** After which a reader who has taken nothing is one who has stopped. */
    private static final Duration STANDSTILL = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 50;
    private static final int PIECE = 4096;

    private final PrintWriter out;
    private final boolean queues;
    private final StringBuilder waiting = new StringBuilder();
    private boolean printing;
    private long pieces;

    /** Prints to {@code out}, which nobody else may use until this has finished. Where the host gives no thread it prints at once. */
    public QueuedOutput(PrintWriter out) {
        super(out);
        this.out = out;
        this.queues = started();
    }

    private boolean started() {
        try {
            DaemonThread.start("output", this::print);
            return true;
        } catch (ThreadLimitException _) {
            return false;
        }
    }

    @Override
    public void write(char[] text, int offset, int length) {
        if (!queues) {
            out.write(text, offset, length);
            return;
        }
        synchronized (waiting) {
            waiting.append(text, offset, length);
            waiting.notifyAll();
        }
    }

    private void print() {
        try {
            while (true) {
                String piece = next();
                out.write(piece);
                out.flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String next() throws InterruptedException {
        synchronized (waiting) {
            printing = false;
            pieces++;
            waiting.notifyAll();
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            String piece = waiting.substring(0, Math.min(PIECE, waiting.length()));
            waiting.delete(0, piece.length());
            printing = true;
            return piece;
        }
    }

    /**
     * Waits until all is printed: for as long as the reader likes, but while {@code ending} for no reader who has stopped.
     *
     * @return whether all is
     */
    public boolean finish(BooleanSupplier ending) {
        if (!queues) {
            out.flush();
            return true;
        }
        synchronized (waiting) {
            long seen = pieces;
            long since = System.nanoTime();
            while (printing || !waiting.isEmpty()) {
                if (pieces != seen || !ending.getAsBoolean()) {
                    seen = pieces;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > STANDSTILL.toNanos()) {
                    return false;
                }
                try {
                    waiting.wait(LOOK_MILLIS);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    /** What was written is on its way already. */
    @Override
    public void flush() {
        if (!queues) {
            out.flush();
        }
    }

    /** The output below stays open. */
    @Override
    public void close() {
        flush();
    }
}
