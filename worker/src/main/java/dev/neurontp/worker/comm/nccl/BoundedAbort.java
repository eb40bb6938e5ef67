package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.HardExit;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Duration;
import java.util.Optional;

/** The abort of one communicator, on a thread of its own: it can hang, and is abandoned then. Any thread may ask. */
final class BoundedAbort {
    /** What is left behind in native code may keep an exit from ending. */
    static final int EXIT_SECONDS = 3;

    private final NcclComm comm;
    private final long rank;
    private volatile Thread hanging;

    BoundedAbort(NcclComm comm, long rank) {
        this.comm = comm;
        this.rank = rank;
    }

    /** Empty when the abort returned within the bound, else why not, for a person. */
    Optional<String> within(Duration bound) {
        Thread aborting;
        try {
            aborting = DaemonThread.start("nccl-abort-" + rank, this::abort);
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
        hanging = aborting;
        return Optional.of("ncclCommAbort does not return, it was left behind after " + bound.toMillis() / 1e3 + " s");
    }

    /** Waits, without a bound, for an abort that was left behind: what it works on must not be freed under it. */
    void awaitHanging() {
        Thread stuck = hanging;
        if (stuck == null) {
            return;
        }
        try {
            stuck.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void abort() {
        try {
            comm.abort();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
