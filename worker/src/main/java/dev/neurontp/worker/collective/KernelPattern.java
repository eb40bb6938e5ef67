package dev.neurontp.worker.collective;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The content of a buffer as the kernels compute it, docs/wire-contract.md has the formula: blocks that come from one rank after
 * another, or the sum over some ranks, which is exact in any order.
 *
 * @param count elements
 * @param block elements that come from one rank
 * @param offset index of a block's first element in its rank's send buffer
 * @param most 0 for the lower bits of a word; otherwise {@code remainder(word, most) + 1}
 * @param first rank of the first block
 * @param ranks how many ranks' elements are added up; 1 for a copy
 */
public record KernelPattern(
        ElementType type, long count, long seed, long block, long offset, long most, int first, int ranks) {
    private static final long ONE_BLOCK = Long.MAX_VALUE;

    /** What a rank sends; empty where the kernels have no formula for type and operation. */
    static Optional<KernelPattern> sent(Layout layout, long seed) {
        return of(layout, seed, layout.sendCount(), ONE_BLOCK, 0, layout.rank(), 1);
    }

    /** What it must receive. */
    static Optional<KernelPattern> received(Layout layout, long seed) {
        if (layout.received() == 0) {
            return Optional.empty();
        }
        CollectiveRequest request = layout.request();
        boolean reduces = request.collective().reduces();
        return of(
                layout,
                seed,
                layout.received(),
                layout.receivesBlocks() ? request.count() : ONE_BLOCK,
                layout.sourceIndex(0),
                reduces ? 0 : layout.source(0),
                reduces ? request.ranks() : 1);
    }

    /**
     * Whether the kernels have a formula for that; where not, the host computes each element.
     *
     * @param op null where nothing is reduced
     */
    public static boolean covers(ElementType type, ReduceOp op, int ranks) {
        return DataPattern.of(type, op, new Words(0, ranks), ranks).kernelMost().isPresent();
    }

    /** How many elements from this one on are of its block, at most so many. */
    long partAt(long from, long most) {
        return Math.min(Math.min(most, count - from), block - from % block);
    }

    /** The same pattern for some of the elements, all of one block. */
    KernelPattern part(long from, long elements) {
        long inBlock = from % block;
        return new KernelPattern(
                type, elements, seed, ONE_BLOCK, offset + inBlock, most, first + (int) (from / block), ranks);
    }

    private static Optional<KernelPattern> of(
            Layout layout, long seed, long count, long block, long offset, int first, int ranks) {
        OptionalLong most = DataPattern.of(layout.request(), seed).kernelMost();
        if (count == 0 || most.isEmpty()) {
            return Optional.empty();
        }
        ElementType type = layout.request().type();
        return Optional.of(new KernelPattern(type, count, seed, block, offset, most.getAsLong(), first, ranks));
    }

    /** What the sum becomes: 0 its lower bits, 1 a float, 2 a double, 3 a half, 4 a bfloat16. */
    public int format() {
        if (most == 0) {
            return 0;
        }
        return switch (type) {
            case FLOAT -> 1;
            case DOUBLE -> 2;
            case HALF -> 3;
            case BFLOAT16 -> 4;
            default -> throw new IllegalStateException(type + " is no format of the kernels");
        };
    }
}
