package dev.neurontp.worker.collective;

import java.util.OptionalLong;

/** What each rank sends, and what its reduction comes to: exact in any order of the ranks. Elements are bits. */
sealed interface DataPattern permits CopyPattern, IntegerPattern, FloatPattern {
    /** The pattern of one run. */
    static DataPattern of(CollectiveRequest request, long seed) {
        return of(request.type(), request.op(), new Words(seed, request.ranks()), request.ranks());
    }

    /** The same of these words. */
    static DataPattern of(ElementType type, ReduceOp op, Words words, int ranks) {
        if (op == null) {
            return new CopyPattern(words, type);
        }
        return type.isFloat() ? new FloatPattern(words, type, op, ranks) : new IntegerPattern(words, type, op, ranks);
    }

    /** An element of a rank's send buffer. */
    long sent(int rank, long index);

    /**
     * The reduction of all ranks' elements.
     *
     * @param weightOf one rank's number of contributions, the others have one; 1 for the right result
     */
    long reduced(long index, int rank, int weightOf);

    /** {@link KernelPattern#most()} of it; empty where the kernels do not have the formula. */
    OptionalLong kernelMost();

    /** Whether a received element is the expected one. */
    boolean same(long got, long expected);
}
