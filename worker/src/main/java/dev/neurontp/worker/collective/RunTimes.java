package dev.neurontp.worker.collective;

import dev.neurontp.rpc.XCollectiveResult.Times;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/** What was measured. */
public record RunTimes(Optional<Times> device, Optional<Times> wall, OptionalLong arrivedNanos) {
    static final RunTimes NONE = new RunTimes(Optional.empty(), Optional.empty(), OptionalLong.empty());

    /** Of any number of durations in nanoseconds; absent for none. */
    public static Optional<Times> of(long[] nanos) {
        if (nanos.length == 0) {
            return Optional.empty();
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return Optional.of(new Times(
                Math.max(0, sorted[0]),
                Math.max(0, sorted[sorted.length / 2]),
                Math.max(0, sorted[sorted.length - 1])));
    }
}
