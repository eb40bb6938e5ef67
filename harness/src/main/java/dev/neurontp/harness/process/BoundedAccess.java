package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bounds what is done with files: a file system whose server is gone answers nothing, and nothing but SIGKILL ends that wait. Any
 * thread may call.
 */
public final class BoundedAccess {
    /** A file system that answers needs milliseconds; a host that is very busy may need seconds to let this program look. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    /** Each that waits holds a thread. */
    private static final int MOST_WAITING = 16;

    /** Many at once are answered in milliseconds each: those that are still not then wait for ever. */
    private static final Duration TURN = Duration.ofSeconds(2);

    private static final BoundedAccess FILES = new BoundedAccess("file-access", MOST_WAITING);

    private final String name;
    private final int most;
    private final Semaphore free;

    /**
     * Bounds some accesses by themselves.
     *
     * @param name of the threads that they run on
     * @param most how many of these threads there are at a time
     */
    public BoundedAccess(String name, int most) {
        this.name = name;
        this.most = most;
        this.free = new Semaphore(most);
    }

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
     * @throws NoAnswerException when there was no answer in time, after 2 s when 16 earlier accesses still wait for theirs
     * @throws IOException of {@code access}, or when the host gives no thread
     */
    public static <T> T call(Callable<T> access) throws IOException {
        return call(BOUND, access);
    }

    /** The same, with that bound. */
    public static <T> T call(Duration bound, Callable<T> access) throws IOException {
        try {
            return FILES.within(bound, TURN, access);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * The same with a bound of its own.
     *
     * @param turn how long it may wait for a thread, where all of them wait for an answer
     * @throws NoAnswerException when there was no answer in time, or no thread
     * @throws IOException of {@code access}, or when the host gives no thread
     */
    public <T> T within(Duration bound, Duration turn, Callable<T> access) throws IOException, InterruptedException {
        if (!free.tryAcquire(turn.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new NoAnswerException(most + " earlier accesses to files still wait for an answer");
        }
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            DaemonThread.start(name, () -> run(access, done), (_, e) -> done.completeExceptionally(e));
        } catch (ThreadLimitException e) {
            free.release();
            throw e;
        }
        try {
            return done.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new NoAnswerException("there was no answer within " + Durations.measured(bound)
                    + " (a file system that is gone, or a busy host)");
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    private <T> void run(Callable<T> access, CompletableFuture<T> done) {
        Runnable answer;
        try {
            T value = access.call();
            answer = () -> done.complete(value);
        } catch (Exception e) {
            answer = () -> done.completeExceptionally(e);
        } finally {
            // Before the answer: whoever hears it may ask again at once.
            free.release();
        }
        answer.run();
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
