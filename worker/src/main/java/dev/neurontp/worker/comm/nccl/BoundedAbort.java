package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.HardExit;
import java.time.Duration;

/** The abort of one communicator, on a thread of its own: it can hang, and is left behind then. Any thread may ask. */
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

    /** Whether the abort returned within the bound. */
    boolean within(Duration bound) {
        Thread aborting = new Thread(this::abort, "nccl-abort-" + rank);
        aborting.setDaemon(true);
        aborting.start();
        try {
            if (aborting.join(bound)) {
                return true;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        HardExit.ifExitTakesLonger(EXIT_SECONDS);
        hanging = aborting;
        return false;
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
