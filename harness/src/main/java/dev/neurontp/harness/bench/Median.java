package dev.neurontp.harness.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The value in the middle of several, or half of the two that are there. */
public final class Median {
    private Median() {}

    /** Of one value at least, in any order. */
    public static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Of those from one index to another, of which there is one at least. */
    static double of(long[] values, int from, int to) {
        return of(Arrays.stream(values, from, to).asDoubleStream());
    }
}
