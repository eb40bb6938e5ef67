package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Where a value started, where it ended, and whether it was still moving in the second half. */
final class Slope {
    private final List<Long> values = new ArrayList<>();

    void add(long value) {
        values.add(value);
    }

    /** Such as {@code temperature 41 -> 77 C, 41 to 79, +2 in the second half}; empty where there is no value. */
    Optional<String> words(String name, String unit) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        long least = all().min().orElseThrow();
        long most = all().max().orElseThrow();
        long last = values.getLast();
        long half = last - values.get(values.size() / 2);
        return Optional.of(name + " " + values.getFirst() + " -> " + last + " " + unit + ", " + least + " to " + most
                + ", " + (half < 0 ? "" : "+") + half + " in the second half");
    }

    private LongStream all() {
        return values.stream().mapToLong(Long::longValue);
    }
}
