package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.Layout;
import jcuda.driver.CUstream;

/** What one run puts on the stream. For the rank's thread. */
interface DeviceWork {
    /** The call's name, such as {@code ncclAllReduce}. */
    String call();

    /** Puts it there, and does not wait. */
    void enqueue(Layout layout, CudaBuffers buffers, CUstream stream) throws NcclException;

    /** Whether the library still works at it. Throws what it failed with. */
    boolean isInProgress() throws NcclException;

    /** Waits for the other ranks, where there are any. */
    void barrier() throws NcclException;

    /** What was enqueued is on the stream. */
    void entered();

    /** The stream has done all of it. */
    void finished();

    /** The stream has done that many of the last runs when a wait for them failed. */
    void finishedOfThese(long runs);

    /** How long a run may take from now on. */
    PollingWait newWait();
}
