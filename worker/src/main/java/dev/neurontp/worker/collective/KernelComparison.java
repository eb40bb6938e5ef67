package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a kernel found, compared with what the host finds: a kernel that errs must not pass for memory that is right.
 *
 * @param <X> what the kernels throw
 */
record KernelComparison<X extends Exception>(Kernels<X> kernels, Layout layout, ByteBuffer piece) {
    /** Elements that are looked at again where the kernel found nothing wrong, besides the first and the last. */
    static final int SAMPLED = 4096;

    private static final String ADVICE =
            "; one of the two errs, NEURON_NCCL_DEVICE_CHECK=never has the host compare every element";

    /** The host's sample of memory in which the kernel found nothing wrong. */
    void requireRightSample(Expectation expectation, long seed) throws X {
        ElementType type = layout.request().type();
        int size = type.bytes();
        long[] indices = sample(layout.received(), seed);
        long[] at = new long[indices.length];
        for (int i = 0; i < at.length; i++) {
            at[i] = layout.receiveAt() + indices[i] * size;
        }
        kernels.gather(at, size, piece.limit(at.length * size).position(0));
        piece.clear();
        for (int i = 0; i < indices.length; i++) {
            long expected = expectation.expected(indices[i]);
            long got = type.get(piece, i * size);
            if (!expectation.isRight(got, expected)) {
                throw kernels.disagreement("the device found 0 of " + layout.received()
                        + " elements wrong, and the host found element " + indices[i] + " wrong in a sample of "
                        + indices.length + ": expected " + type.show(expected) + ", got " + type.show(got) + ADVICE);
            }
        }
    }

    /** After the host has compared all of it because the kernel found something. */
    void requireSame(Kernels.Count device, long hostWrong, long hostFirst) throws X {
        if (device.wrong() != hostWrong || device.first() != hostFirst) {
            throw kernels.disagreement("the device found " + words(device.wrong(), device.first()) + " of "
                    + layout.received() + " elements, and the host found " + words(hostWrong, hostFirst) + ADVICE);
        }
    }

    private static String words(long wrong, long first) {
        return wrong == 0 ? "none wrong" : wrong + " wrong, the first at " + first;
    }

    /** First, last and others by seed, each once. */
    static long[] sample(long count, long seed) {
        Set<Long> indices = new LinkedHashSet<>();
        indices.add(0L);
        indices.add(count - 1);
        Words words = new Words(~seed, 0);
        for (int i = 0; i < SAMPLED; i++) {
            indices.add(Long.remainderUnsigned(words.word(0, i), count));
        }
        return indices.stream().mapToLong(index -> index).toArray();
    }
}
