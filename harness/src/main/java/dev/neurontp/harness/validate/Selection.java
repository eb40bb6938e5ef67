package dev.neurontp.harness.validate;

import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads lists of names, with {@code all} for every one. */
public final class Selection {
    private static final String ALL = "all";

    /** What other tools call them: the names of NCCL's functions without their marks, PyTorch's and nccl-tests' of types. */
    private static final Map<String, String> OTHER_NAMES = Map.ofEntries(
            Map.entry("all_to_all", "alltoall"),
            Map.entry("bcast", "broadcast"),
            Map.entry("send_recv", "sendrecv"),
            Map.entry("fp16", "half"),
            Map.entry("float16", "half"),
            Map.entry("bf16", "bfloat16"),
            Map.entry("fp32", "float"),
            Map.entry("float32", "float"),
            Map.entry("fp64", "double"),
            Map.entry("float64", "double"),
            Map.entry("fp8_e4m3", "f8e4m3"),
            Map.entry("fp8e4m3", "f8e4m3"),
            Map.entry("fp8_e5m2", "f8e5m2"),
            Map.entry("fp8e5m2", "f8e5m2"));

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
                        .or(() -> otherwise(name, all, label))
                        .orElseThrow(() -> new IllegalArgumentException(option + ": '" + name
                                + "' is not known: it must be all or one of " + names(all, label))))
                .distinct()
                .toList();
    }

    private static <T> Optional<T> otherwise(String name, T[] all, Function<T, String> label) {
        String lower = name.toLowerCase(Locale.ROOT);
        String meant = OTHER_NAMES.getOrDefault(lower, lower).replace("_", "");
        return Arrays.stream(all)
                .filter(one -> label.apply(one).replace("_", "").equals(meant))
                .findFirst();
    }

    private static <T> String names(T[] all, Function<T, String> label) {
        return Arrays.stream(all).map(label).collect(Collectors.joining(", "));
    }
}
