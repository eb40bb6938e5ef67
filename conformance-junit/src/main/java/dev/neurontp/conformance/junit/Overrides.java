package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.check.Failure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** System properties that change a run from outside, to see one failure again without a change of the test. */
final class Overrides {

    /** Rules or checks, with commas between them. */
    static final String ONLY = "neurontp.wire.only";

    /** The seed of all random cases. */
    static final String SEED = "neurontp.wire.seed";

    /** Cases a property. */
    static final String TRIES = "neurontp.wire.tries";

    private Overrides() {}

    static Optional<List<String>> only() {
        return text(ONLY)
                .map(text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(pattern -> !pattern.isEmpty())
                        .toList());
    }

    static Optional<Long> seed() {
        return number(SEED);
    }

    static Optional<Integer> tries() {
        return number(TRIES).map(tries -> Math.clamp(tries, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    /** The properties that show a failure again, as a line of its text. */
    static String line(Failure failure) {
        String only = values(" --only ", failure);
        String tries = values(" --tries ", failure);
        String line = property(ONLY, only) + property(SEED, values(" --seed ", failure)) + property(TRIES, tries);
        return "  %-10s %s\n".formatted("here", line.strip());
    }

    private static String property(String name, String value) {
        return value.isEmpty() ? "" : "-D" + name + "=" + value + " ";
    }

    /** What the command that shows it again gives for an option: words without blanks. */
    private static String values(String option, Failure failure) {
        String ours = failure.rerun().split(" -- ", 2)[0];
        return Arrays.stream(ours.split(option, -1))
                .skip(1)
                .map(rest -> rest.split(" ", 2)[0].replace("'", ""))
                .collect(Collectors.joining(","));
    }

    private static Optional<String> text(String property) {
        return Optional.ofNullable(System.getProperty(property)).filter(text -> !text.isBlank());
    }

    private static Optional<Long> number(String property) {
        return text(property).map(text -> {
            try {
                return Long.valueOf(text.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("the system property " + property + " is no whole number", e);
            }
        });
    }
}
