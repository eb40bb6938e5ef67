package dev.neurontp.harness.process;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** The end of a pipe that several threads write to. Any thread. */
public final class PipeEnd {
    /** A write that goes on is over long before; one that is not taken may last for ever. */
    private static final Duration LONGEST_WRITE = Duration.ofMillis(200);

    private PipeEnd() {}

    /** Closes {@code pipe}, which is written to under {@code writing}: not while a write is under way that is not taken. */
    public static void close(Lock writing, Closeable pipe) {
        boolean mine = false;
        try {
            // Without a wait also on a thread that was interrupted.
            mine = writing.tryLock() || writing.tryLock(LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
            if (mine) {
                pipe.close();
            }
        } catch (IOException _) {
            return; // whoever reads it has ended
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (mine) {
                writing.unlock();
            }
        }
    }
}
