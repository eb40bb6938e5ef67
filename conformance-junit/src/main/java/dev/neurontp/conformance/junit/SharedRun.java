package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.RunReport;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One run of the suite that several tests share: the first that asks starts it, and all wait for it. It is made on a thread of its own,
 * so that a test that is interrupted can end it. Any thread.
 */
final class SharedRun {

    private final Run task;
    private final Duration bound;
    private final ThreadFactory threads;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile ConformanceRun run;
    private volatile String stopped;

    /**
     * A run that is made when it is first asked for.
     *
     * @param afterwards is given the report before anybody else
     * @param bound after which it is given up; the run has an end of its own before
     * @param threads makes the one that it is made on
     */
    SharedRun(Supplier<ConformanceRun> maker, Consumer<RunReport> afterwards, Duration bound, ThreadFactory threads) {
        this.task = new Run(() -> {
            run = maker.get();
            passOnStop();
            RunReport report = run.run();
            afterwards.accept(report);
            return report;
        });
        this.bound = bound;
        this.threads = threads;
    }

    /**
     * What it found.
     *
     * @throws InterruptedException if the caller's thread was interrupted; the run is then ended for all
     */
    RunReport report() throws InterruptedException {
        if (begun.compareAndSet(false, true)) {
            begin();
        }
        try {
            return task.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop(ConformanceRun.INTERRUPTED);
            throw e;
        } catch (TimeoutException e) {
            stop("it did not end by itself");
            throw new IllegalStateException("the suite did not end within " + bound.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    /** Where the host gives no thread, all that wait for the run are told. */
    private void begin() {
        try {
            threads.newThread(task).start();
        } catch (OutOfMemoryError e) {
            task.failed(e);
        }
    }

    private void stop(String why) {
        stopped = why;
        passOnStop();
    }

    /** Whichever comes second, the run or its stop, sees the other. */
    private void passOnStop() {
        ConformanceRun made = run;
        String why = stopped;
        if (made != null && why != null) {
            made.stop(why);
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            // JUnit gives up all tests of a build where one of them throws such an error itself.
            case VirtualMachineError error ->
                new IllegalStateException(
                        "the suite could not run here, which says nothing of the worker: " + error, error);
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException(cause);
        };
    }

    /** A task that can be told that it will not be run. */
    private static final class Run extends FutureTask<RunReport> {
        Run(Callable<RunReport> body) {
            super(body);
        }

        void failed(Throwable e) {
            setException(e);
        }
    }
}
