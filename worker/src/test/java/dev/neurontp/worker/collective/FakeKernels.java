package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;

/** The kernels in Java, on a {@link FakeGroup}'s memory; they can overlook wrong elements. */
final class FakeKernels {
    static final class Disagreement extends IllegalStateException {
        private static final long serialVersionUID = 1;

        Disagreement(String message) {
            super(message);
        }
    }

    private long missed;
    private int checks;

    /** The first ones of each check are not counted. */
    FakeKernels missing(long elements) {
        missed = elements;
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
                return new Count(wrong, first);
            }

            @Override
            public void gather(long[] at, int bytes, ByteBuffer into) {
                for (int i = 0; i < at.length; i++) {
                    into.put(i * bytes, memory, (int) at[i], bytes);
                }
            }

            @Override
            public IllegalStateException disagreement(String message) {
                return new Disagreement(message);
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
