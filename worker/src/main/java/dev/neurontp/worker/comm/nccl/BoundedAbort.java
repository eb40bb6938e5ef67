package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Optional;

/**
 * The abort of one communicator, once, on a thread of its own: it can hang, and is abandoned then. Any thread may ask; whoever does so while it
 * runs waits for the same one.
 */
final class BoundedAbort {
    /** What is left behind in native code may keep an exit from ending. */
    static final int EXIT_SECONDS = 3;

    /** The call itself. */
    @FunctionalInterface
    interface Call {
        void abort() throws InterruptedException;
    }

    private final Call call;
    private final long rank;
    private Thread running;

    BoundedAbort(Call call, long rank) {
        this.call = call;
        this.rank = rank;
    }

    /** Empty when the abort returned within the bound, else why not, for a person. */
    Optional<String> within(Duration bound) {
        Thread aborting;
        try {
            aborting = start();
            if (aborting.join(bound)) {
                return Optional.empty();
            }
        } catch (ThreadLimitException e) {
            HardExit.ifExitTakesLonger(EXIT_SECONDS);
            return Optional.of("ncclCommAbort was not called: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("the wait for ncclCommAbort was interrupted");
        }
        HardExit.ifExitTakesLonger(EXIT_SECONDS);
        return Optional.of("ncclCommAbort does not return, it was left behind after " + bound.toMillis() / 1e3 + " s");
    }

    private synchronized Thread start() throws ThreadLimitException {
        if (running == null) {
            running = DaemonThread.start("nccl-abort-" + rank, this::abort);
        }
        return running;
    }

    private synchronized Optional<Thread> running() {
        return Optional.ofNullable(running);
    }

    /** Waits, without a bound, for an abort that has begun: what it works on must not be freed under it. */
    void awaitEnd() {
        Optional<Thread> begun = running();
        if (begun.isEmpty()) {
            return;
        }
        try {
            begun.get().join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void abort() {
        try {
            call.abort();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
