package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.RunReport;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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

    private final FutureTask<RunReport> task;
    private final Duration bound;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile ConformanceRun run;

    /**
     * A run that is made when it is first asked for.
     *
     * @param afterwards is given the report before anybody else
     * @param bound after which it is given up; the run has an end of its own before
     */
    SharedRun(Supplier<ConformanceRun> maker, Consumer<RunReport> afterwards, Duration bound) {
        this.task = new FutureTask<>(() -> {
            run = maker.get();
            RunReport report = run.run();
            afterwards.accept(report);
            return report;
        });
        this.bound = bound;
    }

    /**
     * What it found.
     *
     * @throws InterruptedException if the caller's thread was interrupted; the run is then ended for all
     */
    RunReport report() throws InterruptedException {
        if (begun.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("wire-judge").start(task);
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

    private void stop(String why) {
        ConformanceRun started = run;
        if (started != null) {
            started.stop(why);
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        return switch (cause) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException(cause);
        };
    }
}
