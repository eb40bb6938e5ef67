package dev.neurontp.harness.validate;

import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads lists of names, with {@code all} for every one. */
public final class Selection {
    private static final String ALL = "all";

    private Selection() {}

    public static String collectives() {
        return names(Collective.values(), Collective::label);
    }

    public static List<Collective> collectives(List<String> given) {
        return of("--collectives", given, Collective.values(), Collective::label, Collective::named);
    }

    public static List<ElementType> types(List<String> given) {
        return of("--datatype", given, ElementType.values(), ElementType::wireName, ElementType::find);
    }

    public static List<ReduceOp> ops(List<String> given) {
        return of("--op", given, ReduceOp.values(), ReduceOp::wireName, ReduceOp::find);
    }

    private static <T> List<T> of(
            String option,
            List<String> given,
            T[] all,
            Function<T, String> label,
            Function<String, Optional<T>> named) {
        if (given.stream().anyMatch(ALL::equalsIgnoreCase)) {
            return List.of(all);
        }
        return given.stream()
                .map(name -> named.apply(name.toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> new IllegalArgumentException(option + ": '" + name
                                + "' is not known: it must be all or one of " + names(all, label))))
                .distinct()
                .toList();
    }

    private static <T> String names(T[] all, Function<T, String> label) {
        return Arrays.stream(all).map(label).collect(Collectors.joining(", "));
    }
}
