package dev.neurontp.worker.collective;

import java.util.Locale;
import java.util.Optional;

/** What {@code x_collective} can run. */
public enum Collective {
    ALL_REDUCE,
    ALL_GATHER,
    REDUCE_SCATTER,
    BROADCAST,
    REDUCE,
    SENDRECV,
    ALLTOALL,
    GATHER,
    SCATTER,
    PAIRS,
    COPY_H2D,
    COPY_D2H,
    COPY_D2D,
    MEMORY_PATTERN;

    static Optional<Collective> find(String wireName) {
        for (Collective collective : values()) {
            if (collective.wireName().equals(wireName)) {
                return Optional.of(collective);
            }
        }
        return Optional.empty();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it concerns one rank's device alone. */
    public boolean isLocal() {
        return this == COPY_H2D || this == COPY_D2H || this == COPY_D2D || this == MEMORY_PATTERN;
    }

    public boolean reduces() {
        return this == ALL_REDUCE || this == REDUCE_SCATTER || this == REDUCE;
    }

    public boolean hasRoot() {
        return this == BROADCAST || this == REDUCE || this == GATHER || this == SCATTER;
    }

    /** Whether it can work on one buffer: what sends and receives at the same time cannot. */
    public boolean hasInPlace() {
        return !isLocal() && this != SENDRECV && this != ALLTOALL && this != PAIRS;
    }

    /** How many blocks of {@code count} elements a rank's send buffer has. */
    public int sendBlocks(int rank, int root, int ranks) {
        return switch (this) {
            case REDUCE_SCATTER, ALLTOALL -> ranks;
            case SCATTER -> rank == root ? ranks : 0;
            case BROADCAST -> rank == root ? 1 : 0;
            default -> 1;
        };
    }

    /** How many blocks of {@code count} elements a rank receives. */
    public int receiveBlocks(int rank, int root, int ranks) {
        return switch (this) {
            case ALL_GATHER, ALLTOALL -> ranks;
            case GATHER -> rank == root ? ranks : 0;
            case REDUCE -> rank == root ? 1 : 0;
            default -> 1;
        };
    }
}
