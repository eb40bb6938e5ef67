package dev.neurontp.harness.process;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Looks once a second, on a thread of its own that there is as long as somebody needs it. Any thread. */
final class SecondsWatch {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final String thread;
    private final Runnable look;
    private final BooleanSupplier needed;
    private boolean running;

    /** {@code needed} is asked after each look. */
    SecondsWatch(String thread, Runnable look, BooleanSupplier needed) {
        this.thread = thread;
        this.look = look;
        this.needed = needed;
    }

    /** Looks from now on: the caller has made sure that it is needed. False where the host gives no thread for it. */
    synchronized boolean begin() {
        if (!running) {
            try {
                DaemonThread.start(thread, this::run);
                running = true;
            } catch (ThreadLimitException _) {
                return false;
            }
        }
        return true;
    }

    private void run() {
        try {
            do {
                Thread.sleep(PERIOD);
                look.run();
            } while (goesOn());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean goesOn() {
        running = needed.getAsBoolean();
        return running;
    }
}
