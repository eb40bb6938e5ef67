package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.Stderr;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C and SIGTERM: the run is stopped, and the process ends only after what was found is printed. */
final class Interruption {

    private static final Duration TO_REPORT = Duration.ofSeconds(8);

    private final CountDownLatch reported = new CountDownLatch(1);

    private Interruption() {}

    static Interruption watch(ConformanceRun run) {
        Interruption interruption = new Interruption();
        new ExitHook("interruption", () -> interruption.stop(run)).install();
        return interruption;
    }

    /** Says that all is printed. */
    void done() {
        reported.countDown();
    }

    private void stop(ConformanceRun run) {
        if (reported.getCount() == 0) {
            return;
        }
        run.stop(ConformanceRun.INTERRUPTED);
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
