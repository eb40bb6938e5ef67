package dev.neurontp.harness.pool;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import dev.neurontp.worker.comm.SecondaryFailure;
import java.util.concurrent.CountDownLatch;

/** The communicator of a rank 0 whose other ranks join nothing: it returns at once, or never, as the test sets it. */
final class ScriptedCommunicators implements CommunicatorSource {
    /** What a call in the communicator does. */
    enum Way {
        RETURNS,
        BLOCKS,
        FAILS,
        WAITS_IN_VAIN,
        /** Returns once {@link #released}: neither an abort nor the end of the pool makes it faster. */
        COMES_LATE
    }

    volatile Way serving = Way.RETURNS;
    volatile Way opening = Way.RETURNS;
    volatile Way joining = Way.RETURNS;
    volatile Way reducing = Way.RETURNS;
    volatile boolean abortHangs;
    volatile long sum;
    final CountDownLatch blocked = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final CountDownLatch abortReleased = new CountDownLatch(1);
    final CountDownLatch aborted = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    final CountDownLatch rendezvousClosed = new CountDownLatch(1);

    @Override
    public Communicator open(RankIdentity identity) throws CommunicatorException {
        go(opening, ErrorKind.NCCL_INIT_FAILED);
        return new Communicator() {
            @Override
            public void init(String commId) throws CommunicatorException {
                go(joining, ErrorKind.NCCL_INIT_FAILED);
            }

            @Override
            public long allReduceSum(long value) throws CommunicatorException {
                go(reducing, ErrorKind.NCCL_SANITY_FAILED);
                return sum == 0 ? identity.worldSize() : sum;
            }

            @Override
            public void abort() {
                if (abortHangs) {
                    waitFor(abortReleased);
                }
                aborted.countDown();
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    @Override
    public Rendezvous serve() throws CommunicatorException {
        go(serving, ErrorKind.NCCL_INIT_FAILED);
        return new Rendezvous() {
            @Override
            public String commId() {
                return "0f".repeat(128);
            }

            @Override
            public void close() {
                rendezvousClosed.countDown();
            }
        };
    }

    private void go(Way way, ErrorKind kind) throws CommunicatorException {
        switch (way) {
            case RETURNS -> {}
            case FAILS -> throw new CommunicatorException(kind, "device 0 is busy");
            case WAITS_IN_VAIN ->
                throw new CommunicatorException(kind, SecondaryFailure.WAITED + ", 4.0 s are allowed");
            case COMES_LATE -> {
                blocked.countDown();
                waitFor(released);
            }
            case BLOCKS -> {
                blocked.countDown();
                waitFor(aborted);
                throw new CommunicatorException(kind, "aborted");
            }
        }
    }

    /** As a call of a native library waits: nobody can interrupt it. */
    private static void waitFor(CountDownLatch latch) {
        boolean waits = true;
        while (waits) {
            try {
                latch.await();
                waits = false;
            } catch (InterruptedException _) {
                waits = latch.getCount() > 0;
            }
        }
    }
}
