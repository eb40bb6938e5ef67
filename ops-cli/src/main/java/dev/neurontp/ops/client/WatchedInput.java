package dev.neurontp.ops.client;

import dev.neurontp.harness.time.WaitedTime;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A stream that ends when no byte has come for too long, or when it takes too long as a whole: its reader then gets a
 * {@link TooLateException}. One thread reads; another closes the stream below when its time is over. Time in which this process
 * stood still itself, or in which nobody reads since what was read is still being printed, is nobody's silence; the whole is
 * counted by the clock, also while bytes are there at each read, but for {@link #notCounting}.
 */
final class WatchedInput extends FilterInputStream {
    /** Between two looks while nobody reads. */
    private static final Duration IDLE = Duration.ofMillis(200);

    private final Duration silence;
    private final Duration whole;
    private final CountDownLatch over = new CountDownLatch(1);
    private final WaitedTime silent = new WaitedTime();
    private final long began = System.nanoTime();
    /** That the whole is not counted, in nanoseconds. */
    private long paused;

    private long pausedSince;
    private boolean pausing;
    private boolean reading;
    private volatile TooLateException late;

    /** Why the stream was ended. */
    static final class TooLateException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean silent;

        TooLateException(boolean silent) {
            super(silent ? "it fell silent" : "it took too long");
            this.silent = silent;
        }

        /** Whether nothing came for too long; else the whole took too long. */
        boolean silent() {
            return silent;
        }
    }

    /**
     * Ends {@code in} after {@code silence} without a byte, and after {@code whole} in any case.
     *
     * @throws ThreadLimitException when the host gives no thread for that
     */
    WatchedInput(InputStream in, Duration silence, Duration whole) throws ThreadLimitException {
        super(in);
        this.silence = silence;
        this.whole = whole;
        DaemonThread.start("stream-watch", this::watch);
    }

    private void watch() {
        try {
            long left = left();
            while (left > 0 && !over.await(left, TimeUnit.NANOSECONDS)) {
                left = left();
            }
            if (over.getCount() > 0) {
                late = new TooLateException(leftOfWhole() > 0);
                in.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            late.addSuppressed(e);
        }
    }

    private synchronized long left() {
        return Math.min(reading ? silent.toNextLook(silence) : IDLE.toNanos(), leftOfWhole());
    }

    private synchronized long leftOfWhole() {
        long now = System.nanoTime();
        return whole.toNanos() - (now - began - paused - (pausing ? now - pausedSince : 0));
    }

    /** Does {@code step} in time that does not count. */
    void notCounting(Runnable step) {
        pause();
        try {
            step.run();
        } finally {
            goOn();
        }
    }

    private synchronized void pause() {
        pausedSince = System.nanoTime();
        pausing = true;
    }

    private synchronized void goOn() {
        paused += System.nanoTime() - pausedSince;
        pausing = false;
    }

    private synchronized void begin() {
        silent.startAnew();
        reading = true;
    }

    private synchronized void end() {
        reading = false;
    }

    /** For who has read ahead. */
    void requireInTime() throws TooLateException {
        if (late != null) {
            throw late;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count;
        begin();
        try {
            count = super.read(buffer, offset, length);
        } catch (IOException e) {
            throw late == null ? e : late;
        } finally {
            end();
        }
        requireInTime();
        return count;
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        super.close();
    }
}
