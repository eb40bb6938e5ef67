package dev.neurontp.ops.up;

import dev.neurontp.harness.daemon.Signals;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What signals do to the daemon: the first ends it in order, the second at once, the third by force. Any thread. */
final class DaemonShutdown {
    /** What the command has left to do once the daemon is gone. */
    private static final long COMMAND_ENDS_MILLIS = 3000;

    private static final Duration LOOK = Duration.ofMillis(200);

    private final DaemonProcess daemon;
    private final Screen screen;
    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile int first;
    private volatile boolean killed;

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
                exitThoughNobodyReads(number);
            }
            case 2 -> {
                screen.say("At once.");
                daemon.terminate();
            }
            default -> daemon.kill();
        }
    }

    /** The command itself may stand in a write to a stdout that nobody reads. */
    private void exitThoughNobodyReads(int number) {
        try {
            end();
            TimeUnit.MILLISECONDS.sleep(COMMAND_ENDS_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Stderr.flush();
        Runtime.getRuntime().halt(ExitCode.signal(number));
    }

    boolean asked() {
        return signals.get() > 0;
    }

    /**
     * Waits until the daemon is gone; 128 and the number of the first signal. A daemon that stands still hears no signal but SIGKILL, which
     * it gets after 25 s; after a second signal any does that is still there 5 s later.
     */
    int end() throws InterruptedException {
        Deadline inOrder = Deadline.in(DaemonProcess.END);
        Deadline atOnce = null;
        OptionalInt exitCode = daemon.awaitEnd(LOOK);
        while (exitCode.isEmpty()) {
            atOnce = atOnce == null && signals.get() > 1 ? Deadline.in(DaemonProcess.LAST) : atOnce;
            boolean late = atOnce == null ? inOrder.expired() && daemon.standsStill() : atOnce.expired();
            if (late) {
                daemon.kill();
                killed = true;
                exitCode = daemon.awaitEnd(DaemonProcess.LAST);
                break;
            }
            exitCode = daemon.awaitEnd(LOOK);
        }
        if (told.compareAndSet(false, true)) {
            screen.say(words(exitCode));
        }
        return ExitCode.signal(first);
    }

    private String words(OptionalInt exitCode) {
        if (exitCode.isEmpty()) {
            return "SIGKILL has not ended the daemon (pid " + daemon.pid()
                    + "): it waits inside the kernel. Its workers may still run.";
        }
        if (killed) {
            return "The daemon stood still and was ended with SIGKILL; workers that are left end by themselves within 10 s.";
        }
        if (signals.get() > 1) {
            return "The daemon is gone; workers that are left end by themselves within 10 s.";
        }
        if (exitCode.getAsInt() != ExitCode.OK && exitCode.getAsInt() != ExitCode.FAILED) {
            return "The daemon is gone (" + daemon.endWords(exitCode.getAsInt())
                    + "), and had no time to say more: workers that it has started end by themselves within 10 s.";
        }
        return exitCode.getAsInt() == ExitCode.OK
                ? "The pool and its daemon are gone."
                : "The daemon is gone (" + daemon.endWords(exitCode.getAsInt())
                        + "), and not every worker was seen to end: tpctl status says which.";
    }
}
