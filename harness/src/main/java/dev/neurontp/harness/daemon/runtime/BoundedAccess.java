package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds what is done with files: a file system whose server is gone answers nothing, and nothing but SIGKILL ends that wait. Any
 * thread may call.
 */
public final class BoundedAccess {
    /** A file system that answers needs milliseconds; a host that is very busy may need seconds to let this program look. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** Each that waits holds a thread. */
    private static final int MOST_WAITING = 16;

    private static final AtomicInteger WAITING = new AtomicInteger();

    private BoundedAccess() {}

    /** The file system did not answer. */
    public static final class NoAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    /**
     * Runs {@code access} on a thread of its own and waits for it, 10 s at most; then the thread goes on alone.
     *
     * @throws NoAnswerException when there was no answer in time, at once when 16 earlier accesses still wait for theirs
     * @throws IOException of {@code access}, or when the host gives no thread
     */
    public static <T> T call(Callable<T> access) throws IOException {
        return call(BOUND, access);
    }

    static <T> T call(Duration bound, Callable<T> access) throws IOException {
        if (WAITING.incrementAndGet() > MOST_WAITING) {
            WAITING.decrementAndGet();
            throw new NoAnswerException(MOST_WAITING + " earlier accesses to files still wait for an answer");
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            DaemonThread.start("file-access", () -> run(access, done), (_, e) -> done.completeExceptionally(e));
        } catch (ThreadLimitException e) {
            WAITING.decrementAndGet();
            throw e;
        }
        try {
            return done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new NoAnswerException("there was no answer within " + Durations.measured(bound)
                    + " (a file system that is gone, or a busy host)");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static <T> void run(Callable<T> access, CompletableFuture<T> done) {
        try {
            done.complete(access.call());
        } catch (Exception e) {
            done.completeExceptionally(e);
        } finally {
            WAITING.decrementAndGet();
        }
    }

    private static IOException thrown(Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException(cause);
        };
    }
}
