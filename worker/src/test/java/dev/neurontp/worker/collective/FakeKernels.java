package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;

/** The kernels in Java, on a {@link FakeGroup}'s memory; they can overlook wrong elements. */
final class FakeKernels {
    private long missed;
    private long invented;
    private boolean spoils;
    private int checks;

    /** The first ones of each check are not counted. */
    FakeKernels missing(long elements) {
        missed = elements;
        return this;
    }

    /** As many more are counted, from the first element on. */
    FakeKernels inventing(long elements) {
        invented = elements;
        return this;
    }

    /** Single elements are read wrong. */
    FakeKernels spoilingSamples() {
        spoils = true;
        return this;
    }

    int checks() {
        return checks;
    }

    Kernels<IllegalStateException> on(ByteBuffer memory) {
        return new Kernels<>() {
            @Override
            public void fill(long at, KernelPattern pattern, boolean complement) {
                int size = pattern.type().bytes();
                for (long i = 0; i < pattern.count(); i++) {
                    long bits = element(pattern, i);
                    pattern.type().put(memory, (int) (at + i * size), complement ? ~bits : bits);
                }
            }

            @Override
            public Count check(long at, KernelPattern pattern) {
                checks++;
                int size = pattern.type().bytes();
                long found = 0;
                long wrong = 0;
                long first = -1;
                for (long i = 0; i < pattern.count(); i++) {
                    if (pattern.type().get(memory, (int) (at + i * size)) != element(pattern, i) && ++found > missed) {
                        first = wrong++ == 0 ? i : first;
                    }
                }
                return invented > 0 ? new Count(wrong + invented, 0) : new Count(wrong, first);
            }

            @Override
            public void gather(long[] at, int bytes, ByteBuffer into) {
                for (int i = 0; i < at.length; i++) {
                    into.put(i * bytes, memory, (int) at[i], bytes);
                    if (spoils) {
                        into.put(i * bytes, (byte) ~into.get(i * bytes));
                    }
                }
            }
        };
    }

    /** By the parameters alone. */
    static long element(KernelPattern pattern, long index) {
        Words words = new Words(pattern.seed(), pattern.first() + (int) (index / pattern.block()) + pattern.ranks());
        long sum = 0;
        int rank = pattern.first() + (int) (index / pattern.block());
        for (int i = 0; i < pattern.ranks(); i++) {
            long word = words.word(rank + i, pattern.offset() + index % pattern.block());
            sum += pattern.most() == 0 ? word : Long.remainderUnsigned(word, pattern.most()) + 1;
        }
        return pattern.format() == 0
                ? sum & pattern.type().mask()
                : pattern.type().fromDouble((double) sum);
    }
}
