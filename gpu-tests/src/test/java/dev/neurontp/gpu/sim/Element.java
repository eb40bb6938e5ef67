package dev.neurontp.gpu.sim;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** NCCL's element types under their numbers, with the arithmetic of a reduction in plain Java. */
enum Element {
    INT8(0, 1),
    UINT8(1, 1),
    INT32(2, 4),
    UINT32(3, 4),
    INT64(4, 8),
    UINT64(5, 8),
    FLOAT16(6, 2),
    FLOAT32(7, 4),
    FLOAT64(8, 8),
    BFLOAT16(9, 2),
    FLOAT8_E4M3(10, 1),
    FLOAT8_E5M2(11, 1);

    private final int code;
    private final int size;

    Element(int code, int size) {
        this.code = code;
        this.size = size;
    }

    /** Reductions under their numbers. */
    enum Op {
        SUM(0),
        PROD(1),
        MAX(2),
        MIN(3),
        AVG(4);

        private final int code;

        Op(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    int code() {
        return code;
    }

    int size() {
        return size;
    }

    /** Any elements but NaN, which would leave nothing to compare. */
    byte[] random(Random random, int count) {
        ByteBuffer content = ByteBuffer.allocate(count * size);
        byte[] element = new byte[size];
        while (content.hasRemaining()) {
            random.nextBytes(element);
            if (!anyNan(element)) content.put(element);
        }
        return content.array();
    }

    /** Reduces equally long arrays, one a rank, element by element in rank order. */
    byte[] reduce(List<byte[]> ranks, Op op) {
        ByteBuffer result = ByteBuffer.allocate(ranks.getFirst().length);
        for (int at = 0; at < result.capacity(); at += size) {
            int from = at;
            List<byte[]> elements = ranks.stream()
                    .map(rank -> Arrays.copyOfRange(rank, from, from + size))
                    .toList();
            result.put(reduceOne(elements, op));
        }
        return result.array();
    }

    private byte[] reduceOne(List<byte[]> elements, Op op) {
        return switch (this) {
            case FLOAT16, FLOAT32, BFLOAT16, FLOAT8_E4M3, FLOAT8_E5M2 -> {
                float result = elements.stream()
                        .map(this::single)
                        .reduce((a, b) -> combine(a, b, op))
                        .orElseThrow();
                yield bytes(op == Op.AVG ? result / elements.size() : result);
            }
            case FLOAT64 -> {
                double result = elements.stream()
                        .map(Element::real)
                        .reduce((a, b) -> combine(a, b, op))
                        .orElseThrow();
                yield buffer(8)
                        .putDouble(op == Op.AVG ? result / elements.size() : result)
                        .array();
            }
            default -> integer(elements, op);
        };
    }

    private byte[] integer(List<byte[]> elements, Op op) {
        BigInteger result = elements.stream()
                .map(this::integer)
                .reduce((a, b) -> combine(a, b, op))
                .orElseThrow();
        BigInteger wrapped = integer(bytes(result));
        return bytes(op == Op.AVG ? wrapped.divide(BigInteger.valueOf(elements.size())) : wrapped);
    }

    private static BigInteger combine(BigInteger a, BigInteger b, Op op) {
        return switch (op) {
            case SUM, AVG -> a.add(b);
            case PROD -> a.multiply(b);
            case MAX -> a.max(b);
            case MIN -> a.min(b);
        };
    }

    private static float combine(float a, float b, Op op) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PROD -> a * b;
            case MAX -> a > b ? a : b;
            case MIN -> a < b ? a : b;
        };
    }

    private static double combine(double a, double b, Op op) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PROD -> a * b;
            case MAX -> a > b ? a : b;
            case MIN -> a < b ? a : b;
        };
    }

    private boolean signed() {
        return this == INT8 || this == INT32 || this == INT64;
    }

    private BigInteger integer(byte[] littleEndian) {
        byte[] bigEndian = reversed(littleEndian);
        return signed() ? new BigInteger(bigEndian) : new BigInteger(1, bigEndian);
    }

    /** The lowest bytes of it. */
    private byte[] bytes(BigInteger value) {
        byte[] littleEndian = new byte[size];
        for (int i = 0; i < size; i++) littleEndian[i] = value.shiftRight(8 * i).byteValue();
        return littleEndian;
    }

    private float single(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (this) {
            case FLOAT16 -> Float.float16ToFloat(buffer.getShort());
            case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort() << 16);
            case FLOAT8_E4M3 -> Float8.E4M3.value(buffer.get());
            case FLOAT8_E5M2 -> Float8.E5M2.value(buffer.get());
            default -> buffer.getFloat();
        };
    }

    private byte[] bytes(float value) {
        return switch (this) {
            case FLOAT16 -> buffer(2).putShort(Float.floatToFloat16(value)).array();
            case BFLOAT16 -> buffer(2).putShort(nearestBfloat(value)).array();
            case FLOAT8_E4M3 -> new byte[] {Float8.E4M3.nearest(value)};
            case FLOAT8_E5M2 -> new byte[] {Float8.E5M2.nearest(value)};
            default -> buffer(4).putFloat(value).array();
        };
    }

    /** Of the two neighbours the nearer, on a tie the even one. Not for NaN. */
    private static short nearestBfloat(float value) {
        int below = Float.floatToRawIntBits(value) & 0xffff0000;
        int rest = Float.floatToRawIntBits(value) & 0xffff;
        boolean up = rest > 0x8000 || (rest == 0x8000 && (below >> 16 & 1) == 1);
        return (short) ((below >> 16) + (up ? 1 : 0));
    }

    private static double real(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }

    /** Is any element not a number? Which NaN a sum gives is nobody's rule. */
    boolean anyNan(byte[] content) {
        for (int at = 0; at < content.length; at += size) {
            byte[] element = Arrays.copyOfRange(content, at, at + size);
            boolean nan = switch (this) {
                case FLOAT16, FLOAT32, BFLOAT16, FLOAT8_E4M3, FLOAT8_E5M2 -> Float.isNaN(single(element));
                case FLOAT64 -> Double.isNaN(real(element));
                default -> false;
            };
            if (nan) return true;
        }
        return false;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) reversed[i] = bytes[bytes.length - 1 - i];
        return reversed;
    }
}
