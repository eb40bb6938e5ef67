package dev.neurontp.ops.create;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * The keys of a TOML table, taken one by one. What is wrong is collected with its place, so that all of it is told at once.
 * For one thread.
 */
final class TomlFields {
    private final String file;
    private final String prefix;
    private final TomlTable table;
    private final List<String> problems;
    private final Set<String> taken = new TreeSet<>();

    private TomlFields(String file, String prefix, TomlTable table, List<String> problems) {
        this.file = file;
        this.prefix = prefix;
        this.table = table;
        this.problems = problems;
    }

    /** The whole file; what is wrong is added to {@code problems}. */
    static TomlFields of(String file, TomlTable table, List<String> problems) {
        return new TomlFields(file, "", table, problems);
    }

    /** Nothing else may be there. That is told first: a key with a typing error is the cause of what else is missing. */
    void end() {
        problems.addAll(
                0,
                table.keySet().stream()
                        .filter(key -> !taken.contains(key))
                        .map(key -> problem(key, unknown(key)))
                        .toList());
    }

    private String unknown(String key) {
        String question = Suggestion.question(key, taken);
        return "there is no key '" + shown(prefix + key) + "' here" + (question.isEmpty() ? "." : question) + " Known: "
                + String.join(", ", taken);
    }

    /** A text for which {@code check} throws IllegalArgumentException where it is wrong. */
    <T> Optional<T> text(String key, Function<String, T> check) {
        return take(key).flatMap(value -> {
            if (value instanceof String text) {
                return checked(key, () -> check.apply(text));
            }
            return refuse(key, value, "a string");
        });
    }

    /** A whole number. */
    Optional<Long> number(String key, long least, long most) {
        return take(key)
                .flatMap(value -> isNumber(value, least, most)
                        ? Optional.of((Long) value)
                        : refuse(key, value, "a whole number from " + least + " to " + most));
    }

    /** True or false. */
    Optional<Boolean> flag(String key) {
        return take(key)
                .flatMap(value ->
                        value instanceof Boolean flag ? Optional.of(flag) : refuse(key, value, "true or false"));
    }

    /** A list of whole numbers. */
    Optional<List<Long>> numbers(String key, long least, long most) {
        String rule = "a list of whole numbers from " + least + " to " + most;
        return take(key)
                .flatMap(value -> list(value)
                        .filter(elements -> elements.stream().allMatch(one -> isNumber(one, least, most)))
                        .map(elements -> elements.stream().map(Long.class::cast).toList())
                        .or(() -> refuse(key, value, rule)));
    }

    /** A list of texts, at least one. */
    Optional<List<String>> texts(String key) {
        return take(key)
                .flatMap(value -> list(value)
                        .filter(elements ->
                                !elements.isEmpty() && elements.stream().allMatch(String.class::isInstance))
                        .map(elements ->
                                elements.stream().map(String.class::cast).toList())
                        .or(() -> refuse(key, value, "a list of strings, at least one")));
    }

    /** A table whose values are all texts. */
    Map<String, String> textTable(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        table(key)
                .ifPresent(inner -> inner.table
                        .keySet()
                        .forEach(name -> inner.text(name, text -> text).ifPresent(text -> texts.put(name, text))));
        return texts;
    }

    /** A table. */
    Optional<TomlFields> table(String key) {
        return take(key)
                .flatMap(value -> value instanceof TomlTable inner
                        ? Optional.of(new TomlFields(file, prefix + key + ".", inner, problems))
                        : refuse(key, value, "a table"));
    }

    /** What {@code check} returns; what it refuses is a problem of that key. */
    <T> Optional<T> checked(String key, Supplier<T> check) {
        try {
            return Optional.of(check.get());
        } catch (IllegalArgumentException e) {
            wrong(key, e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether that key is there. */
    boolean has(String key) {
        return table.contains(List.of(key));
    }

    /** A problem of that key. */
    void wrong(String key, String message) {
        problems.add(problem(key, message));
    }

    private String problem(String key, String message) {
        TomlPosition position = has(key) ? table.inputPositionOf(List.of(key)) : null;
        return file + (position == null ? "" : " line " + position.line() + ", column " + position.column()) + ": "
                + message;
    }

    private Optional<Object> take(String key) {
        taken.add(key);
        return Optional.ofNullable(table.get(List.of(key)));
    }

    private <T> Optional<T> refuse(String key, Object value, String rule) {
        wrong(key, prefix + key + " is " + shown(literal(value)) + ": it must be " + rule);
        return Optional.empty();
    }

    private static String literal(Object value) {
        return switch (value) {
            case String text -> "'" + text + "'";
            case TomlArray array -> array.toJson().strip();
            case TomlTable _ -> "a table";
            default -> value.toString();
        };
    }

    private static boolean isNumber(Object value, long least, long most) {
        return value instanceof Long number && number >= least && number <= most;
    }

    private static Optional<List<Object>> list(Object value) {
        return value instanceof TomlArray array ? Optional.of(new ArrayList<>(array.toList())) : Optional.empty();
    }

    private static String shown(String text) {
        return ForeignText.of(text, ForeignText.NAME);
    }
}
