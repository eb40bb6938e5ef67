package dev.neurontp.harness.pool;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends the one wait that has no deadline of its own: a write into a full pipe. That takes a worker that answers its
 * requests without reading them.
 */
final class WriteStallWatchdog {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final Supplier<Operation> inFlight;
    private final Consumer<Operation> stalled;
    private final Thread thread;

    /** Watches until it is stopped. */
    WriteStallWatchdog(Supplier<Operation> inFlight, Consumer<Operation> stalled) {
        this.inFlight = inFlight;
        this.stalled = stalled;
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
                Operation operation = inFlight.get();
                if (operation != null && operation.stalledInWrite()) {
                    stalled.accept(operation);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
