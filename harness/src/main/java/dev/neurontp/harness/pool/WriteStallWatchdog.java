package dev.neurontp.harness.pool;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.Standstill;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Ends the one wait that has no deadline of its own: a write into a full pipe. That takes a worker that answers its
 * requests without reading them.
 */
final class WriteStallWatchdog {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final Supplier<Optional<Exchange<?>>> inFlight;
    private final CountDownLatch stopped = new CountDownLatch(1);

    WriteStallWatchdog(Supplier<Optional<Exchange<?>>> inFlight) {
        this.inFlight = inFlight;
    }

    /**
     * Watches until it is stopped.
     *
     * @throws ThreadLimitException when the host gives no more threads
     */
    void start() throws ThreadLimitException {
        DaemonThread.start("pool-watch", this::watch);
    }

    void stop() {
        stopped.countDown();
    }

    private void watch() {
        Standstill standstill = new Standstill(PERIOD);
        try {
            while (!stopped.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!standstill.noticed()) {
                    inFlight.get().ifPresent(WriteStallWatchdog::failStalled);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void failStalled(Exchange<?> exchange) {
        PoolRank stalled = exchange.stalledInWrite();
        if (stalled != null) {
            stalled.fail(exchange, RankFault.Nature.TIMEOUT, "it does not read its stdin: the pipe to it is full");
        }
    }
}
