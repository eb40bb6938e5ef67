package dev.neurontp.harness.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Enum constants as words on the wire: in lower case. */
final class Words {
    private Words() {}

    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The constant of that word; empty for a word that this version does not know. */
    static <E extends Enum<E>> Optional<E> find(E[] constants, String label) {
        return Arrays.stream(constants)
                .filter(constant -> label(constant).equals(label))
                .findFirst();
    }
}
