package dev.neurontp.ops.console;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ages and sizes as a person reads them. */
public final class HumanText {
    private static final long KIB = 1024;

    private HumanText() {}

    /** How long ago {@code then} was; {@code -} for never. */
    public static String ago(Optional<Instant> then, Instant now) {
        return then.map(instant -> Durations.span(Duration.between(instant, now)) + " ago")
                .orElse("-");
    }

    /** A size in MiB; {@code -} where it is not known. */
    public static String mebibytes(Optional<Long> bytes) {
        return bytes.map(size -> size / (KIB * KIB) + " MiB").orElse("-");
    }

    /** What stands before the name of a state in a sentence: {@code is} ready, {@code has} failed. */
    public static String verb(String state) {
        return state.equals("failed") ? "has" : "is";
    }

    /** Labels as {@code key=value}, with commas between. */
    public static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> ForeignText.of(label.getKey() + "=" + label.getValue(), ForeignText.NAME))
                .collect(Collectors.joining(","));
    }

    /** A word for a number of things. */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
