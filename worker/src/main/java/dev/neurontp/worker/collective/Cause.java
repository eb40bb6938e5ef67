package dev.neurontp.worker.collective;

/**
 * What may explain wrong elements.
 *
 * @param number a rank, or a bit; 0 where there is none
 */
record Cause(Kind kind, int number) {
    /** In the order of preference where two explain as many elements. */
    enum Kind {
        NEVER_WRITTEN("never written"),
        OF_ANOTHER("holds what belongs to rank %d"),
        MISSING("rank %d is missing"),
        TWICE("rank %d is counted twice"),
        BIT("bit %d flipped");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    String words() {
        return kind.words.replace("%d", Integer.toString(number));
    }

    /** Whether this wrong element is explained by it. */
    boolean explains(Expectation expectation, long index, long expected, long got) {
        return switch (kind) {
            case NEVER_WRITTEN -> got == expectation.before(index);
            case OF_ANOTHER -> expectation.belongsTo(index, number, got);
            case MISSING -> expectation.isReducedWith(index, number, 0, got);
            case TWICE -> expectation.isReducedWith(index, number, 2, got);
            case BIT -> (got ^ expected) == 1L << number;
        };
    }
}
