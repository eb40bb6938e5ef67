package dev.neurontp.harness.validate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a collective combines the elements of all ranks. */
public enum ReductionOp {
    SUM,
    PROD,
    MIN,
    MAX,
    AVG;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<ReductionOp> named(String label) {
        return Arrays.stream(values()).filter(one -> one.label().equals(label)).findFirst();
    }
}
