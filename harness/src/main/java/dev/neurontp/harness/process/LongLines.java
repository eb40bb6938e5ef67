package dev.neurontp.harness.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How many long lines of all workers are read at once: each may have 16 MiB and needs some times that while it is read, and there may be
 * hundreds of workers. No reply of the contract is long, so nobody waits who is right. Any thread.
 */
final class LongLines {
    /** Beyond this many bytes a line is long. */
    static final int LONG = 1 << 20;

    private static final long HEAP_FOR_ONE = 512L << 20;
    private static final int MOST = 4;
    /** Above the deadline of a ping, which ends a worker that begins such a line and does not go on. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Semaphore READ =
            new Semaphore(Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_FOR_ONE, 1, MOST), true);

    private LongLines() {}

    /**
     * Waits for the turn of one.
     *
     * @throws IOException when it did not come in time
     */
    static void begin() throws IOException {
        try {
            if (READ.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("it sent a line of over " + LONG + " bytes, while others were sending such lines, for "
                + PATIENCE.toSeconds() + " s");
    }

    /** It is read and forgotten. */
    static void end() {
        READ.release();
    }
}
