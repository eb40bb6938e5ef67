package dev.neurontp.worker.collective;

import java.util.Locale;
import java.util.Optional;

/** What a reduction does with the elements of all ranks. */
public enum ReduceOp {
    SUM(0),
    PROD(1),
    MIN(3),
    MAX(2),
    AVG(4);

    private final int ncclNumber;

    ReduceOp(int ncclNumber) {
        this.ncclNumber = ncclNumber;
    }

    /** The one of that name on the wire. */
    public static Optional<ReduceOp> find(String wireName) {
        for (ReduceOp op : values()) {
            if (op.wireName().equals(wireName)) {
                return Optional.of(op);
            }
        }
        return Optional.empty();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its number in {@code ncclRedOp_t}. */
    public int ncclNumber() {
        return ncclNumber;
    }

    /** Two elements' bits to one; the average adds them up first, and {@link #finish} divides. */
    public long combine(ElementType type, long one, long other) {
        return type.isFloat()
                ? type.fromDouble(combine(type.toDouble(one), type.toDouble(other)))
                : combineIntegers(type, type.toLong(one), type.toLong(other)) & type.mask();
    }

    /** What the combination of all ranks' elements comes to. */
    public long finish(ElementType type, long combined, int ranks) {
        if (this != AVG) {
            return combined;
        }
        if (type.isFloat()) {
            return type.fromDouble(type.toDouble(combined) / ranks);
        }
        long sum = type.toLong(combined);
        return (type.isSigned() ? sum / ranks : Long.divideUnsigned(sum, ranks)) & type.mask();
    }

    double combine(double one, double other) {
        return switch (this) {
            case SUM, AVG -> one + other;
            case PROD -> one * other;
            case MIN -> Math.min(one, other);
            case MAX -> Math.max(one, other);
        };
    }

    private long combineIntegers(ElementType type, long one, long other) {
        return switch (this) {
            case SUM, AVG -> one + other;
            case PROD -> one * other;
            case MIN -> isLess(type, one, other) ? one : other;
            case MAX -> isLess(type, one, other) ? other : one;
        };
    }

    private static boolean isLess(ElementType type, long one, long other) {
        return type.isSigned() ? one < other : Long.compareUnsigned(one, other) < 0;
    }
}
