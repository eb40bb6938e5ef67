package dev.neurontp.ops.console;

import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.Stderr;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM: the run is stopped, and the process ends only after what was found is printed. */
public final class Interruption {

    private static final Duration TO_REPORT = Duration.ofSeconds(8);

    private final CountDownLatch reported = new CountDownLatch(1);

    private Interruption() {}

    /**
     * Watches for the signal.
     *
     * @param stop ends the run soon; the run's own thread then prints
     */
    public static Interruption watch(Runnable stop) {
        Interruption interruption = new Interruption();
        new ExitHook("interruption", () -> interruption.end(stop)).install();
        return interruption;
    }

    /** Says that all is printed. */
    public void done() {
        reported.countDown();
    }

    private void end(Runnable stop) {
        if (reported.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            if (!reported.await(TO_REPORT.toMillis(), TimeUnit.MILLISECONDS)) {
                Stderr.say("the report could not be finished in time");
                Stderr.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
