package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a kernel found, compared with what the host finds: a kernel that errs must not pass for memory that is right.
 *
 * @param <X> what the kernels throw
 */
record KernelComparison<X extends Exception>(Kernels<X> kernels, Layout layout, ByteBuffer piece) {
    /** Elements that are looked at again where the kernel found nothing wrong, besides the first and the last. */
    static final int SAMPLED = 4096;

    /** Whether the host finds nothing wrong in a sample of memory in which the kernel found nothing. */
    boolean isSampleRight(Expectation expectation, long seed) throws X {
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
            if (!expectation.isRight(type.get(piece, i * size), expectation.expected(indices[i]))) {
                return false;
            }
        }
        return true;
    }

    /** What is to be said after the host has compared all of it; empty where it found what the kernel did. */
    static Optional<String> disagreement(Kernels.Count device, Kernels.Count host) {
        if (device.wrong() == 0 && host.wrong() == 0) {
            return Optional.of("the host found a wrong element in a sample, and none when it read all of them");
        }
        return device.equals(host)
                ? Optional.empty()
                : Optional.of("device and host do not agree: the device found " + words(device) + ", the host "
                        + words(host) + " (NEURON_NCCL_DEVICE_CHECK=never: the host alone)");
    }

    private static String words(Kernels.Count found) {
        return found.wrong() == 0 ? "none wrong" : found.wrong() + " wrong, the first at " + found.first();
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
