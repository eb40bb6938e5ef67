package dev.neurontp.worker.collective;

import java.util.OptionalLong;

/**
 * For reductions of integers, which wrap around and so come to the same in any order: any number; an odd one for products, so
 * that each rank's factor shows; for averages two ranks send a small number and the others 0, so that nothing wraps.
 */
record IntegerPattern(Words words, ElementType type, ReduceOp op, int ranks) implements DataPattern {
    private static final int MAX_AVERAGED_BITS = 30;

    @Override
    public long sent(int rank, long index) {
        long word = words.word(rank, index);
        return switch (op) {
            case SUM, MIN, MAX -> word & type.mask();
            case PROD -> (word | 1) & type.mask();
            case AVG -> FloatPattern.place(words, rank, index, ranks) < 2 ? word & averagedMask() : 0;
        };
    }

    /** Two of them fit the positive numbers. */
    private long averagedMask() {
        int bits = Byte.SIZE * type.bytes() - (type.isSigned() ? 2 : 1);
        return (1L << Math.min(bits, MAX_AVERAGED_BITS)) - 1;
    }

    @Override
    public long reduced(long index, int rank, int weightOf) {
        long combined = 0;
        boolean first = true;
        for (int from = 0; from < ranks; from++) {
            for (int times = from == rank ? weightOf : 1; times > 0; times--) {
                long one = sent(from, index);
                combined = first ? one : op.combine(type, combined, one);
                first = false;
            }
        }
        return op.finish(type, combined, ranks);
    }

    @Override
    public OptionalLong kernelMost() {
        return op == ReduceOp.SUM ? OptionalLong.of(0) : OptionalLong.empty();
    }

    @Override
    public boolean same(long got, long expected) {
        return got == expected;
    }
}
