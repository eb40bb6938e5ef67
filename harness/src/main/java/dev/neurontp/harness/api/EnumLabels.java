package dev.neurontp.harness.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Enum constants as text in JSON: in lower case. */
final class EnumLabels {
    private EnumLabels() {}

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** A label that another version may leave out, or something that is no daemon: then it is empty. */
    static String orEmpty(String word) {
        return word == null ? "" : word;
    }

    /** The constant with that label; empty for a label that this version does not know. */
    static <E extends Enum<E>> Optional<E> find(E[] constants, String label) {
        return Arrays.stream(constants)
                .filter(constant -> label(constant).equals(label))
                .findFirst();
    }
}
