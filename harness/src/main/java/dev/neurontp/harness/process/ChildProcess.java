package dev.neurontp.harness.process;

import dev.neurontp.harness.time.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that was started here, and signals that reach exactly it. Any thread. */
public final class ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final Process process;
    private final boolean startKnown;

    public ChildProcess(Process process) {
        this.process = process;
        // Not where /proc could not be read: no descriptor was left.
        this.startKnown = process.toHandle().isAlive();
    }

    public Process process() {
        return process;
    }

    /** Gives its descriptors back. Nothing can be written or read any more. */
    public void closePipes() {
        for (Closeable pipe : List.of(process.getOutputStream(), process.getInputStream(), process.getErrorStream())) {
            try {
                pipe.close();
            } catch (IOException e) {
                LOG.debug("a pipe of pid {} was closed with an error: {}", process.pid(), e.getMessage());
            }
        }
    }

    /** SIGTERM. */
    public void terminate() {
        signal(ProcessHandle::destroy);
    }

    /**
     * SIGKILL, and waits for the exit; false when it has not come in time. Java reads /proc before it signals, which it cannot
     * while no descriptor is left: so the signal is sent until it has worked.
     */
    public boolean kill(Deadline deadline) throws InterruptedException {
        boolean exited = process.waitFor(0, TimeUnit.NANOSECONDS);
        while (!exited && !deadline.expired()) {
            signal(ProcessHandle::destroyForcibly);
            exited = process.waitFor(Math.min(deadline.remainingNanos(), AGAIN.toNanos()), TimeUnit.NANOSECONDS);
        }
        return exited;
    }

    /** A handle compares the start of its process before it signals. */
    private void signal(Consumer<ProcessHandle> how) {
        how.accept(process.toHandle());
        if (!startKnown && process.isAlive()) {
            // The first handle can never be used. As long as Java has not seen the exit, the pid is this child's.
            ProcessHandle.of(process.pid()).ifPresent(how);
        }
    }
}
