package dev.neurontp.ops.console;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Shortened;
import dev.neurontp.harness.time.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Ages and sizes as a person reads them. */
public final class HumanText {
    private static final long KIB = 1024;

    /** Of a list in a sentence. */
    private static final int MOST_NAMES = 16;

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

    /** Names with commas between; of a long list the first 16, and how many more. */
    public static String list(List<String> names) {
        return String.join(", ", Shortened.names(names, MOST_NAMES));
    }

    /** A word for a number of things. */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
