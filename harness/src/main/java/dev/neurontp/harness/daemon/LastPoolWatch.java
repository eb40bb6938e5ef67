package dev.neurontp.harness.daemon;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Stops a daemon that was started for its pools, some time after the last of them was ended, whoever ended it and from wherever: so long its
 * user may still ask how that ended.
 */
final class LastPoolWatch {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private LastPoolWatch() {}

    /**
     * Calls {@code stop} once {@code hasNoPool} was so for ten seconds without a break.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    static void on(BooleanSupplier hasNoPool, Runnable stop) throws ThreadLimitException {
        DaemonThread.start("last-pool-watch", () -> {
            long looks = 0;
            while (looks * LOOK.toMillis() < GRACE.toMillis()) {
                try {
                    Thread.sleep(LOOK);
                } catch (InterruptedException _) {
                    return;
                }
                looks = hasNoPool.getAsBoolean() ? looks + 1 : 0;
            }
            stop.run();
        });
    }
}
