package dev.neurontp.ops.doctor.probe;

import dev.neurontp.harness.text.ForeignText;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code key=value} lines of a probe. What it did not say is not known, and empty here. Immutable. */
public record Facts(Map<String, String> values) {
    /** Of a probe that said nothing. */
    public static final Facts NONE = new Facts(Map.of());

    private static final int LONGEST = 2000;

    public Facts {
        values = Map.copyOf(values);
    }

    /** Reads the lines; one without {@code =} says nothing, of two with the same key the later one counts. */
    public static Facts parse(String output) {
        Map<String, String> values = new LinkedHashMap<>();
        output.lines().forEach(line -> {
            int at = line.indexOf('=');
            if (at > 0) {
                values.put(line.substring(0, at), ForeignText.of(line.substring(at + 1), LONGEST));
            }
        });
        return new Facts(values);
    }

    /** The value of a key that is there and not empty. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    /** The value as a whole number. */
    public Optional<Long> number(String key) {
        return text(key).filter(value -> value.matches("-?[0-9]{1,18}")).map(Long::valueOf);
    }

    /** Whether the key has that number. */
    public boolean is(String key, long number) {
        return number(key).filter(value -> value == number).isPresent();
    }

    /** Whether the key has a number above that. */
    public boolean above(String key, long number) {
        return number(key).filter(value -> value > number).isPresent();
    }

    /** The parts of a value that commas separate; none where there is no value. */
    public List<String> list(String key) {
        return text(key).map(value -> Arrays.asList(value.split(",", -1))).orElse(List.of());
    }

    /** What stands below a prefix, without it: {@code uuid} of {@code gpu.0.uuid} below {@code gpu.0.}. */
    public Facts below(String prefix) {
        Map<String, String> inner = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                inner.put(key.substring(prefix.length()), value);
            }
        });
        return new Facts(inner);
    }
}
