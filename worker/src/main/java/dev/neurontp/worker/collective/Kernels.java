package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;

/**
 * Fills and checks memory where it is, without a copy to the host. One thread calls.
 *
 * @param <X> what it throws when the device has failed
 */
public interface Kernels<X extends Exception> {
    /**
     * What a check found.
     *
     * @param wrong elements
     * @param first index of the first wrong one; any where none is
     */
    record Count(long wrong, long first) {}

    /** Fills memory by a pattern, or with its complement, and waits. */
    void fill(long at, KernelPattern pattern, boolean complement) throws X;

    /** Compares memory with a pattern, and waits. */
    Count check(long at, KernelPattern pattern) throws X;

    /** Copies single elements, one behind the other, to the host. */
    void gather(long[] at, int bytes, ByteBuffer into) throws X;
}
