package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.Signals;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What signals do to the daemon: the first ends it in order, the second at once, the third by force. Any thread. */
final class DaemonShutdown {
    private final DaemonProcess daemon;
    private final Screen screen;
    private final AtomicInteger signals = new AtomicInteger();
    private volatile int first;

    DaemonShutdown(DaemonProcess daemon, Screen screen) {
        this.daemon = daemon;
        this.screen = screen;
    }

    void signalled(int number) {
        switch (signals.incrementAndGet()) {
            case 1 -> {
                first = number;
                daemon.terminate();
                // Only a signal after this line counts as a second one: an earlier one is the same signal.
                LockSupport.parkNanos(Signals.ONE_SIGNAL.toNanos());
                screen.say("Shutting the pool down. A second signal ends it at once.");
            }
            case 2 -> {
                screen.say("At once.");
                daemon.terminate();
            }
            default -> daemon.kill();
        }
    }

    boolean asked() {
        return signals.get() > 0;
    }

    /** Waits until the daemon is gone; 128 and the number of the first signal. */
    int end() throws InterruptedException {
        daemon.awaitEnd();
        screen.say(
                signals.get() > 1
                        ? "The daemon is gone; workers that are left end by themselves within 10 s."
                        : "The pool and its daemon are gone.");
        return ExitCode.signal(first);
    }
}
