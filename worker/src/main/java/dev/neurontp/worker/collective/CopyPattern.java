package dev.neurontp.worker.collective;

import java.util.OptionalLong;

/** For collectives that copy: the lower bits of the word of rank and index. */
record CopyPattern(Words words, ElementType type) implements DataPattern {
    @Override
    public long sent(int rank, long index) {
        return words.word(rank, index) & type.mask();
    }

    @Override
    public long reduced(long index, int rank, int weightOf) {
        throw new IllegalStateException("nothing is reduced");
    }

    @Override
    public OptionalLong kernelMost() {
        return OptionalLong.of(0);
    }

    @Override
    public boolean same(long got, long expected) {
        return got == expected;
    }
}
