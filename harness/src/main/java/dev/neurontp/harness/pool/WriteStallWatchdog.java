package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Ends the one wait that has no deadline of its own: a write into a full pipe. That takes a worker that answers its
 * requests without reading them.
 */
final class WriteStallWatchdog {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final Supplier<Optional<Exchange<?>>> inFlight;
    private final Thread thread;

    /** Watches until it is stopped. */
    WriteStallWatchdog(Supplier<Optional<Exchange<?>>> inFlight) {
        this.inFlight = inFlight;
        this.thread = new Thread(null, this::watch, "pool-watch");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                inFlight.get().ifPresent(WriteStallWatchdog::failStalled);
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
