package dev.neurontp.harness.validate;

import java.util.Arrays;
import java.util.Optional;

/**
 * What the ranks do together, with the formulas of nccl-tests (doc/PERFORMANCE.md): what a size in bytes means, and how the
 * bus bandwidth follows from it.
 */
public enum Collective {
    ALL_REDUCE(Shape.WHOLE),
    ALL_GATHER(Shape.PER_RANK),
    REDUCE_SCATTER(Shape.PER_RANK),
    BROADCAST(Shape.WHOLE),
    REDUCE(Shape.WHOLE),
    SENDRECV(Shape.WHOLE),
    ALLTOALL(Shape.PER_RANK),
    GATHER(Shape.PER_RANK),
    SCATTER(Shape.PER_RANK);

    private static final int ALIGNMENT = 16;

    /** What a row's size counts. */
    private enum Shape {
        /** One buffer. */
        WHOLE,
        /** The buffers of all ranks together. */
        PER_RANK
    }

    private final dev.neurontp.worker.collective.Collective onWire =
            dev.neurontp.worker.collective.Collective.valueOf(name());
    private final Shape shape;

    Collective(Shape shape) {
        this.shape = shape;
    }

    /** Its name on the wire, in options and in reports. */
    public String label() {
        return onWire.wireName();
    }

    /** Whether it has an operator, such as sum. */
    public boolean reduces() {
        return onWire.reduces();
    }

    /** Whether one rank is the root. */
    public boolean rooted() {
        return onWire.hasRoot();
    }

    /** Whether it can work in one buffer. */
    public boolean inPlace() {
        return onWire.hasInPlace();
    }

    /**
     * The count of a call, in elements: that of one rank's part where the size is that of all parts together.
     *
     * @return at least 1; for a size of all parts rounded down to 16 bytes a part, as nccl-tests does it
     */
    public long count(long bytes, int elementBytes, int ranks) {
        long elements = bytes / elementBytes;
        if (shape == Shape.PER_RANK) {
            elements /= ranks;
            long step = Math.max(1, ALIGNMENT / elementBytes);
            elements = elements >= step ? elements - elements % step : elements;
        }
        return Math.max(1, elements);
    }

    /** The size in bytes of a row with that count. */
    public long bytes(long count, int elementBytes, int ranks) {
        return count * elementBytes * (shape == Shape.PER_RANK ? ranks : 1);
    }

    /** What the bandwidth of the call is multiplied with to compare it with the hardware's. 0 for a world of one. */
    public double busFactor(int ranks) {
        double others = (ranks - 1.0) / ranks;
        return switch (shape) {
            case PER_RANK -> others;
            case WHOLE -> this == ALL_REDUCE ? 2 * others : ranks == 1 ? 0 : 1;
        };
    }

    /** How many elements that rank receives from the group; 0 for one that only sends. */
    public long received(int rank, int root, long count, int ranks) {
        return switch (this) {
            case ALL_REDUCE, REDUCE_SCATTER, SENDRECV, SCATTER -> count;
            case ALL_GATHER, ALLTOALL -> count * ranks;
            case BROADCAST -> rank == root ? 0 : count;
            case REDUCE -> rank == root ? count : 0;
            case GATHER -> rank == root ? count * ranks : 0;
        };
    }

    public static Optional<Collective> named(String label) {
        return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
    }
}
