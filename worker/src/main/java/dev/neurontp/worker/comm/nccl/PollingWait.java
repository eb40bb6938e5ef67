package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.SecondaryFailure;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A wait for the device or the other ranks: one looks again and again, until the deadline or an abort. For the rank's thread. */
final class PollingWait {
    private static final long FIRST_PAUSES = 200;
    private static final long FIRST_PAUSE_NANOS = 20_000;
    private static final long PAUSE_NANOS = 1_000_000;

    private final String call;
    private final For what;
    private final Duration bound;
    private final long rank;
    private final RankThread thread;
    private final BooleanSupplier aborted;
    private final long deadline;
    private long pauses;

    /** What a wait is for, as its failure begins. */
    enum For {
        OTHER_RANKS(SecondaryFailure.WAITED),
        /** Nobody else has to do with it. */
        OWN_DEVICE("timed out, this rank's own device did not finish");

        private final String words;

        For(String words) {
            this.words = words;
        }
    }

    /** The time runs from now on, by the thread's clock. */
    PollingWait(String call, For what, Duration bound, long rank, RankThread thread, BooleanSupplier aborted) {
        this.what = what;
        this.call = call;
        this.bound = bound;
        this.rank = rank;
        this.thread = thread;
        this.aborted = aborted;
        this.deadline = thread.nanos() + bound.toNanos();
    }

    /** NCCL's call that is waited for. */
    String call() {
        return call;
    }

    /**
     * Between two looks: short at first, since most waits are.
     *
     * @throws NcclException when the time is over, or the leader has ended the wait
     */
    void pause() throws NcclException {
        if (aborted.getAsBoolean()) {
            throw new NcclException.Aborted(
                    call + " was aborted by its leader: its last step was " + thread.describe());
        }
        if (thread.nanos() - deadline >= 0) {
            throw new NcclException.OutOfTime(what.words + ", " + SecondaryFailure.allowed(bound)
                    + ": the last step of rank " + rank + " was " + thread.describe());
        }
        LockSupport.parkNanos(pauses++ < FIRST_PAUSES ? FIRST_PAUSE_NANOS : PAUSE_NANOS);
    }
}
