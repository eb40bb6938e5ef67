package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a kernel found, compared with what the host finds: a kernel that errs must not pass for memory that is right.
 *
 * @param <X> what the kernels throw
 */
record KernelComparison<X extends Exception>(Kernels<X> kernels, Layout layout, ByteBuffer piece) {
    private static final Kernels.Count NONE = new Kernels.Count(0, -1);

    /** Elements that are looked at again where the kernel found nothing wrong, besides the first and the last. */
    static final int SAMPLED = 4096;

    /** At most so many elements are read by the host where a kernel found something wrong: the other ranks wait for this one. */
    static final long MOST_READ = 1L << 19;
    /** What the kernel looks at once more at a time, so that it is known where the wrong ones are, and whose. */
    static final long PART = 1L << 17;

    /** What is done with a part of what was received. */
    interface Part<R, X extends Exception> {
        R of(long from, long elements) throws X;
    }

    /** What is done with wrong elements of a part that is not read. */
    interface Unread {
        void of(long from, long elements);
    }

    /**
     * Has the host read what the kernel found wrong: all that was received, or the parts that are wrong, as far as {@link #MOST_READ}.
     *
     * @param whole what the kernel found in all of it
     * @param doubted an element that the host found wrong and the kernel did not
     * @return that both do not find the same, in words; else empty
     */
    Optional<String> explain(
            KernelPattern pattern,
            Kernels.Count whole,
            OptionalLong doubted,
            Part<Kernels.Count, X> host,
            Unread unread)
            throws X {
        if (pattern.count() <= MOST_READ) {
            return disagreement(whole, host.of(0, pattern.count()));
        }
        Kernels.Count device = NONE;
        Kernels.Count read = NONE;
        long again = 0;
        long left = MOST_READ;
        long elements;
        for (long from = 0; from < pattern.count(); from += elements) {
            elements = pattern.partAt(from, PART);
            Kernels.Count found =
                    kernels.check(layout.receiveAt() + from * pattern.type().bytes(), pattern.part(from, elements));
            again += found.wrong();
            boolean isDoubted =
                    doubted.isPresent() && doubted.getAsLong() >= from && doubted.getAsLong() < from + elements;
            if (left > 0 && (isDoubted || found.wrong() > 0)) {
                left -= elements;
                device = sum(device, found, from);
                read = sum(read, host.of(from, elements), 0);
            } else if (found.wrong() > 0) {
                unread.of(from, found.wrong());
            }
        }
        return again == whole.wrong()
                ? disagreement(device, read)
                : Optional.of("the device found " + whole.wrong() + " wrong, and " + again + " when it looked again");
    }

    private static Kernels.Count sum(Kernels.Count before, Kernels.Count found, long from) {
        long first = before.wrong() > 0 || found.wrong() == 0 ? before.first() : from + found.first();
        return new Kernels.Count(before.wrong() + found.wrong(), first);
    }

    /** The first of a sample that the host finds wrong, of memory in which the kernel found nothing. */
    OptionalLong wrongInSample(Expectation expectation, long seed) throws X {
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
                return OptionalLong.of(indices[i]);
            }
        }
        return OptionalLong.empty();
    }

    /** What is to be said after the host has compared all of it; empty where it found what the kernel did. */
    static Optional<String> disagreement(Kernels.Count device, Kernels.Count host) {
        if (device.wrong() == 0 && host.wrong() == 0) {
            return Optional.of("the host found a wrong element in a sample, and none when it read them again");
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
