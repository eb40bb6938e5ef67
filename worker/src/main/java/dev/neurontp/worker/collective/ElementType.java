package dev.neurontp.worker.collective;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;

/** The type of a buffer's elements. An element travels here as its bits, zero-extended to 64. */
public enum ElementType {
    INT8(0, 1),
    UINT8(1, 1),
    INT32(2, 4),
    UINT32(3, 4),
    INT64(4, 8),
    UINT64(5, 8),
    HALF(6, 2, 1L << 11, SmallFloat.HALF),
    FLOAT(7, 4, 1L << 24, null),
    DOUBLE(8, 8, 1L << 53, null),
    BFLOAT16(9, 2, 1L << 8, SmallFloat.BFLOAT16),
    F8E4M3(10, 1, 1L << 4, SmallFloat.E4M3),
    F8E5M2(11, 1, 1L << 3, SmallFloat.E5M2);

    private final int ncclNumber;
    private final int bytes;
    private final long exactIntegers;
    private final SmallFloat format;

    ElementType(int ncclNumber, int bytes) {
        this(ncclNumber, bytes, 0, null);
    }

    ElementType(int ncclNumber, int bytes, long exactIntegers, SmallFloat format) {
        this.ncclNumber = ncclNumber;
        this.bytes = bytes;
        this.exactIntegers = exactIntegers;
        this.format = format;
    }

    /** The one of that name on the wire. */
    public static Optional<ElementType> find(String wireName) {
        for (ElementType type : values()) {
            if (type.wireName().equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its number in {@code ncclDataType_t}. */
    public int ncclNumber() {
        return ncclNumber;
    }

    public int bytes() {
        return bytes;
    }

    /** Whether NCCL has it from 2.24 on only. */
    public boolean isEightBitFloat() {
        return this == F8E4M3 || this == F8E5M2;
    }

    boolean isFloat() {
        return exactIntegers != 0;
    }

    boolean isSigned() {
        return isFloat() || this == INT8 || this == INT32 || this == INT64;
    }

    /** Every integer from 0 to this one is a number of this floating-point type. */
    long exactIntegers() {
        return exactIntegers;
    }

    /** The bits that an element has. */
    long mask() {
        return -1L >>> (Long.SIZE - Byte.SIZE * bytes);
    }

    /** The element at a byte offset; the buffer is in native order. */
    public long get(ByteBuffer buffer, int at) {
        return switch (bytes) {
            case 1 -> buffer.get(at) & 0xffL;
            case 2 -> buffer.getShort(at) & 0xffffL;
            case 4 -> buffer.getInt(at) & 0xffff_ffffL;
            default -> buffer.getLong(at);
        };
    }

    /** Puts the lower bits at a byte offset. */
    public void put(ByteBuffer buffer, int at, long bits) {
        switch (bytes) {
            case 1 -> buffer.put(at, (byte) bits);
            case 2 -> buffer.putShort(at, (short) bits);
            case 4 -> buffer.putInt(at, (int) bits);
            default -> buffer.putLong(at, bits);
        }
    }

    /** The value of an integer type, unsigned 64 bits as they are. */
    long toLong(long bits) {
        int unused = Long.SIZE - Byte.SIZE * bytes;
        return isSigned() ? bits << unused >> unused : bits;
    }

    /** The value of a floating-point type. */
    double toDouble(long bits) {
        return switch (this) {
            case FLOAT -> Float.intBitsToFloat((int) bits);
            case DOUBLE -> Double.longBitsToDouble(bits);
            default -> format.toDouble(bits);
        };
    }

    /** The bits of the nearest value of a floating-point type. */
    long fromDouble(double value) {
        return switch (this) {
            case FLOAT -> Float.floatToRawIntBits((float) value) & mask();
            case DOUBLE -> Double.doubleToRawLongBits(value);
            default -> format.fromDouble(value);
        };
    }

    /** How many values of this floating-point type lie between two, which are of one sign. */
    long steps(long bits, long other) {
        return Math.abs(bits - other);
    }

    /** Such as {@code 3 (0x40400000)}. */
    String show(long bits) {
        String value;
        if (!isFloat()) {
            value = isSigned() ? Long.toString(toLong(bits)) : Long.toUnsignedString(bits);
        } else {
            double number = toDouble(bits);
            value = number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString((long) number)
                    : Double.toString(number);
        }
        return value + " (0x" + String.format(Locale.ROOT, "%0" + 2 * bytes + "x", bits) + ")";
    }
}
