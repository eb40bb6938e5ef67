package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One rank's memory and what runs on it. One thread calls.
 *
 * @param <X> what it throws when the group or the device has failed
 */
public interface Medium<X extends Exception> {
    /** Copies the buffer's remaining bytes to the memory; it is in native order, and is free again on return. */
    void write(long at, ByteBuffer from) throws X;

    /** Fills the buffer's remaining bytes from the memory. */
    void read(long at, ByteBuffer into) throws X;

    /** What fills and checks this part of the memory without copies; empty where all goes by {@link #write} and {@link #read}. */
    default Optional<Kernels<X>> kernels(long at) throws X {
        return Optional.empty();
    }

    /** Runs the collective once and returns when this rank's part is done. */
    void run() throws X;

    /** Waits until every rank of the group is here. */
    void barrier() throws X;

    /** Runs it as often as that, and measures. */
    RunTimes measure(int iterations) throws X;

    /** Whether times say nothing of hardware. */
    boolean isSimulated();
}
