package dev.neurontp.harness.daemon.http;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps one of the threads that carry virtual threads, which handle the requests. Java ends those that had nothing to do for 30 s; where the
 * host gives no thread for the next one it counts one that is not there, and nothing runs any more, also when the host would give one again.
 */
final class CarrierThread {
    private static final Duration SHORTER_THAN_ITS_IDLE_TIME = Duration.ofSeconds(10);
    private static final AtomicBoolean KEPT = new AtomicBoolean();

    private CarrierThread() {}

    /**
     * From now on there is one, until the process ends.
     *
     * @throws ThreadLimitException when the host gives none
     */
    static void keep() throws ThreadLimitException {
        if (KEPT.compareAndSet(false, true)) {
            DaemonThread.startVirtual("carrier", CarrierThread::stay, null);
        }
    }

    private static void stay() {
        try {
            while (true) {
                Thread.sleep(SHORTER_THAN_ITS_IDLE_TIME);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
