package dev.neurontp.worker.collective;

/** What one rank's buffers hold before a run, and its receive buffer after it. */
final class Expectation {
    private final Layout layout;
    private final DataPattern pattern;
    private final ElementType type;
    private final boolean reduces;

    Expectation(Layout layout, long seed) {
        this.layout = layout;
        this.pattern = DataPattern.of(layout.request(), seed);
        this.type = layout.request().type();
        this.reduces = layout.request().collective().reduces();
    }

    Layout layout() {
        return layout;
    }

    long sent(long index) {
        return pattern.sent(layout.rank(), index);
    }

    long expected(long index) {
        return reduces
                ? pattern.reduced(layout.sourceIndex(index), 0, 1)
                : pattern.sent(layout.source(index), layout.sourceIndex(index));
    }

    /** What is put where an element will be received: never what is expected there, unless it is the rank's own. */
    long before(long index) {
        long own = layout.ownElementAt(index);
        return own < 0 ? ~expected(index) & type.mask() : sent(own);
    }

    boolean isRight(long got, long expected) {
        return pattern.same(got, expected);
    }

    /** Whether this element explains itself by one rank's contribution, which is there {@code weight} times and not once. */
    boolean isReducedWith(long index, int rank, int weight, long got) {
        return reduces && pattern.same(got, pattern.reduced(layout.sourceIndex(index), rank, weight));
    }

    /** Whether it is what another rank sends in the place of the right one. */
    boolean belongsTo(long index, int rank, long got) {
        if (reduces) {
            return false;
        }
        Collective collective = layout.request().collective();
        int source = layout.source(index);
        if (collective == Collective.SCATTER) {
            // One rank sends all blocks: another's block is another place in its buffer.
            return rank != layout.rank()
                    && got == pattern.sent(source, rank * layout.request().count() + index);
        }
        return rank != source && got == pattern.sent(rank, layout.sourceIndex(index));
    }
}
