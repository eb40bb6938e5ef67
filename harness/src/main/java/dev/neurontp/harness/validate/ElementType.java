package dev.neurontp.harness.validate;

import java.util.Arrays;
import java.util.Optional;

/** The types of elements, by the names that nccl-tests prints. */
public enum ElementType {
    INT8("int8", 1),
    UINT8("uint8", 1),
    INT32("int32", 4),
    UINT32("uint32", 4),
    INT64("int64", 8),
    UINT64("uint64", 8),
    HALF("half", 2),
    FLOAT("float", 4),
    DOUBLE("double", 8),
    BFLOAT16("bfloat16", 2),
    F8E4M3("f8e4m3", 1),
    F8E5M2("f8e5m2", 1);

    private final String label;
    private final int bytes;

    ElementType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    public String label() {
        return label;
    }

    /** The size of one element. */
    public int bytes() {
        return bytes;
    }

    public static Optional<ElementType> named(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }
}
