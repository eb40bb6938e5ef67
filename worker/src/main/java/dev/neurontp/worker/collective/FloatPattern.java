package dev.neurontp.worker.collective;

import java.util.OptionalLong;

/**
 * For reductions of floating-point numbers: small integers whose sums the type holds exactly in any order; for products one
 * integer, and powers of two from others. Where the type holds too few integers for all ranks, some send 0 (or 1 for
 * products) and another index is theirs.
 */
record FloatPattern(Words words, ElementType type, ReduceOp op, int ranks) implements DataPattern {
    private static final int MAX_ADDENDS = 4096;
    private static final int MAX_FACTORS = 5;
    /** NCCL may divide before it adds, in the type itself. */
    private static final long AVERAGE_STEPS = 2;

    /** A rank's place among those that take part at an index: 0 is the first. */
    static int place(Words words, int rank, long index, int ranks) {
        int first = (int) Long.remainderUnsigned(words.word(ranks, index), ranks);
        return Math.floorMod(rank - first, ranks);
    }

    @Override
    public long sent(int rank, long index) {
        return type.fromDouble(value(rank, index));
    }

    private double value(int rank, long index) {
        long word = words.word(rank, index);
        return switch (op) {
            case SUM -> place(words, rank, index, ranks) < addends() ? upTo(word, type.exactIntegers() / addends()) : 0;
            case AVG -> place(words, rank, index, ranks) < 2 ? upTo(word, type.exactIntegers() / 2) : 0;
            case MIN, MAX -> (word < 0 ? -1 : 1) * upTo(word & Long.MAX_VALUE, type.exactIntegers());
            case PROD -> factor(place(words, rank, index, ranks), word);
        };
    }

    /** The more integers a type holds, the more ranks take part; all of them where it can be. */
    private int addends() {
        return (int) Math.min(ranks, Math.min(MAX_ADDENDS, Math.max(4, type.exactIntegers() / 16)));
    }

    private double factor(int place, long word) {
        if (place == 0) {
            // Its square is exact too: then a rank that counts twice still explains what it does.
            long most = Math.max(1, (long) Math.sqrt((double) type.exactIntegers()) / 2);
            return 2 * Long.remainderUnsigned(word, most) + 1;
        }
        if (place >= MAX_FACTORS) {
            return 1;
        }
        return ((word & 1) == 0 ? 1 : -1) * ((word & 2) == 0 ? 2 : 0.5);
    }

    private static double upTo(long word, long most) {
        return Long.remainderUnsigned(word, most) + 1;
    }

    @Override
    public long reduced(long index, int rank, int weightOf) {
        double combined = 0;
        boolean first = true;
        for (int from = 0; from < ranks; from++) {
            for (int times = from == rank ? weightOf : 1; times > 0; times--) {
                double one = value(from, index);
                combined = first ? one : op.combine(combined, one);
                first = false;
            }
        }
        return type.fromDouble(op == ReduceOp.AVG ? combined / ranks : combined);
    }

    /** Only sums in which every rank takes part at every index. */
    @Override
    public OptionalLong kernelMost() {
        return op == ReduceOp.SUM && addends() == ranks && !type.isEightBitFloat()
                ? OptionalLong.of(type.exactIntegers() / ranks)
                : OptionalLong.empty();
    }

    @Override
    public boolean same(long got, long expected) {
        return got == expected || (op == ReduceOp.AVG && type.steps(got, expected) <= AVERAGE_STEPS);
    }
}
