package dev.neurontp.conformance.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Bounds what is done with a file that somebody named: a FIFO waits for whoever has its other end. Any thread may call. */
public final class BoundedAccess {
    private BoundedAccess() {}

    /**
     * Runs {@code access} on a thread of its own, which goes on alone once the time is over.
     *
     * @param other who may be missing: {@code reads} or {@code writes}
     * @throws IOException of {@code access}, or when the time is over, or the host gives no thread
     */
    public static <T> T within(Duration bound, String other, Callable<T> access) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(access, done), "named-file");
        thread.setDaemon(true);
        try {
            thread.start();
            return done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new IOException(
                    "it waits for more than " + bound.toSeconds() + " s: is it a FIFO that nobody " + other + "?");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException reason) {
                throw reason;
            }
            throw new IOException(e.getCause());
        } catch (OutOfMemoryError e) {
            throw new IOException("the host gives no thread for it", e);
        }
    }

    private static <T> void run(Callable<T> access, CompletableFuture<T> done) {
        try {
            done.complete(access.call());
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }
}
