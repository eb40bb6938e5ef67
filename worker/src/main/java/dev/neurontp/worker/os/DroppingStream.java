package dev.neurontp.worker.os;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * A stream that never makes its writer wait, for logs: whoever is to read them may have stopped reading. Each write is one
 * record; a thread of this stream passes the records on. What does not fit into the queue, or cannot be written, is dropped and
 * counted, and the count is written in its place once that is possible. Any thread may write; nothing is thrown.
 */
public final class DroppingStream extends OutputStream {
    private static final int STDERR = 2;
    private static final int NONE = -1;
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_RECORDS = 4096;
    /** What fits where a pipe is said to be writable (POSIX, PIPE_BUF). */
    private static final int ATOMIC = 4096;

    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private int bytes;
    private long dropped;
    private boolean started;
    private boolean writing;
    /** Used by this stream's thread alone, or, where there is none, at the end. */
    private OutputStream target;

    private int descriptor;
    /** How many could not be written since one could. Used by this stream's thread alone. */
    private long failed;

    /** Passes records on to {@code target}, which may block. */
    public DroppingStream(OutputStream target) {
        this(target, NONE);
    }

    private DroppingStream(OutputStream target, int descriptor) {
        this.target = target;
        this.descriptor = descriptor;
    }

    /** Passes records on to this process's stderr, which a sibling may have made non-blocking. */
    public static DroppingStream toStderr() {
        return new DroppingStream(new FileOutputStream(FileDescriptor.err), STDERR);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] record, int offset, int length) {
        // Where the host gives no thread it is kept: for the next try, or for the end.
        boolean _ = started || startThread();
        if (queue.size() >= MAX_RECORDS || (bytes > 0 && bytes + length > MAX_BYTES)) {
            dropped++;
            return;
        }
        addNotice();
        add(Arrays.copyOfRange(record, offset, offset + length));
        notifyAll();
    }

    /** Does nothing: see {@link #flush(Duration)}. */
    @Override
    public void flush() {}

    /** Waits until all records are written, and no longer than the bound. For a process that ends. */
    public synchronized void flush(Duration bound) {
        if (!started && !queue.isEmpty() && !startThread()) {
            writeWithoutThread();
            return;
        }
        long end = System.nanoTime() + bound.toNanos();
        try {
            long left = bound.toMillis();
            while (left > 0 && (writing || !queue.isEmpty())) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts its thread now, and not with the first record: for a process that has to be heard.
     *
     * @throws ThreadLimitException when the host gives no more threads: records are then kept until it does, or the process ends
     */
    public synchronized void start() throws ThreadLimitException {
        if (!started) {
            DaemonThread.start("log", this::passOn);
            started = true;
        }
    }

    private boolean startThread() {
        try {
            start();
            return true;
        } catch (ThreadLimitException _) {
            return false; // tried again with the next record
        }
    }

    /** The last words of a process at the host's limit on threads, as far as nobody has to wait for who reads them. */
    private void writeWithoutThread() {
        if (descriptor == NONE) {
            return;
        }
        Descriptor stderr = new Descriptor(descriptor);
        addNotice();
        try {
            for (byte[] record : queue) {
                for (int done = 0; done < record.length; done += ATOMIC) {
                    if (!stderr.takesAtOnce()) {
                        return;
                    }
                    target.write(record, done, Math.min(ATOMIC, record.length - done));
                }
            }
        } catch (IOException _) {
            return; // nobody is there to be told
        } finally {
            queue.clear();
            bytes = 0;
        }
    }

    private void add(byte[] record) {
        queue.add(record);
        bytes += record.length;
    }

    private void addNotice() {
        if (dropped > 0) {
            String notice = "(" + dropped + " log records were dropped here: nobody read them in time)\n";
            dropped = 0;
            add(notice.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void passOn() {
        try {
            while (true) {
                writeToTarget(next());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized byte[] next() throws InterruptedException {
        writing = false;
        if (queue.isEmpty()) {
            addNotice();
        }
        while (queue.isEmpty()) {
            notifyAll();
            wait();
        }
        writing = true;
        byte[] record = queue.remove();
        bytes -= record.length;
        return record;
    }

    private void writeToTarget(byte[] record) {
        try {
            writeFailures();
            target.write(record);
            target.flush();
        } catch (IOException _) {
            if (descriptor == NONE) {
                failed++;
            } else {
                writeByErrno(record);
            }
        }
    }

    /** The last one may have been written in part: the count stands on a line of its own. */
    private void writeFailures() throws IOException {
        if (failed > 0) {
            String notice = "\n(" + failed + " log records were lost here: they could not be written)\n";
            target.write(notice.getBytes(StandardCharsets.UTF_8));
            failed = 0;
        }
    }

    /** Java cannot tell a full non-blocking descriptor from one whose reader is gone; the C library can. */
    private void writeByErrno(byte[] record) {
        try {
            target = new Descriptor(descriptor).outputStream();
            descriptor = NONE;
            target.write(record);
        } catch (IOException _) {
            // To be told once one can be written: where it would have to be told now is where nothing can be written.
            failed++;
        }
    }
}
