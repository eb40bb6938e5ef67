package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.SecondaryFailure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntFunction;

/**
 * One {@code ncclComm_t} and its end: freed once, and never used after that, whoever aborts it. The rank's thread makes
 * all calls but the abort.
 */
final class NcclComm {
    /** How long an abort lets a call in progress return, so that it does not free what is in use. */
    private static final Duration ABORT_GRACE = Duration.ofMillis(300);

    private final Nccl nccl;
    /** Never given back: a call that hangs may write to it at any time. */
    private final MemorySegment slot = Arena.global().allocate(ValueLayout.ADDRESS);

    private final AtomicBoolean freed = new AtomicBoolean();
    private final ReentrantLock inUse = new ReentrantLock();
    private long entered;
    private long finished;

    NcclComm(Nccl nccl) {
        this.nccl = nccl;
    }

    /** Begins to join; {@link #state} tells how it goes on. */
    void join(int worldSize, UniqueId id, int rank) throws NcclException {
        require("ncclCommInitRankConfig", use(_ -> nccl.commInitRank(slot, worldSize, id, rank)));
    }

    /** A result of NCCL's, {@code ncclInProgress} as long as it works. */
    int state() throws NcclException {
        return use(nccl::commState);
    }

    void allReduceSum(CudaDevice device) throws NcclException {
        require(
                "ncclAllReduce",
                use(comm -> nccl.allReduceSum(
                        device.sendAddress(), device.receiveAddress(), 1, comm, device.streamAddress())));
    }

    /** The last collective is on the stream. */
    void entered() {
        entered++;
    }

    /** All collectives on the stream are done. */
    void finished() {
        finished = entered;
    }

    /** How many of the collectives since the last {@link #finished} the device has done. */
    void finishedOfThese(long count) {
        finished = Math.min(entered, finished + count);
    }

    /** How far this rank came. */
    SecondaryFailure.Progress progress() {
        return new SecondaryFailure.Progress(entered, finished);
    }

    /** Puts work on a stream. */
    void enqueue(String call, ToIntFunction<MemorySegment> work) throws NcclException {
        require(call, use(work));
    }

    /** Whether NCCL still works at something; a failure throws what it failed with. */
    boolean isInProgress(String call) throws NcclException {
        int state = state();
        if (NcclResult.IN_PROGRESS.is(state)) {
            return true;
        }
        if (!NcclResult.SUCCESS.is(state)) {
            throw failure(call, state);
        }
        return false;
    }

    void beginFinalize() throws NcclException {
        require("ncclCommFinalize", use(nccl::commFinalize));
    }

    /** Frees it. May hang. */
    void destroy() throws NcclException {
        int result = use(comm -> freed.compareAndSet(false, true) ? nccl.commDestroy(comm) : 0);
        if (!NcclResult.SUCCESS.is(result)) {
            throw failure("ncclCommDestroy", result);
        }
    }

    /** Ends its current work and frees it. Any thread; may hang. */
    void abort() throws InterruptedException {
        boolean unused = inUse.tryLock(ABORT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        boolean first = freed.compareAndSet(false, true);
        if (unused) {
            inUse.unlock();
        }
        MemorySegment comm = slot.get(ValueLayout.ADDRESS, 0);
        if (first && comm.address() != 0) {
            nccl.commAbort(comm);
        }
    }

    /** A failure with NCCL's message. */
    NcclException failure(String call, int result) {
        return nccl.failure(call, result);
    }

    private void require(String call, int result) throws NcclException {
        if (!NcclResult.SUCCESS.is(result) && !NcclResult.IN_PROGRESS.is(result)) {
            throw failure(call, result);
        }
    }

    private int use(ToIntFunction<MemorySegment> call) throws NcclException {
        inUse.lock();
        try {
            if (freed.get()) {
                throw new NcclException.Aborted("the communicator was aborted");
            }
            return call.applyAsInt(slot.get(ValueLayout.ADDRESS, 0));
        } finally {
            inUse.unlock();
        }
    }
}
