package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.NamedPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/** All setting types. */
final class SettingTypes {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private SettingTypes() {}

    /** What a TOML string holds, with a check. */
    private record Text<T>(String rule, Function<String, Optional<T>> reader, Function<T, String> writer)
            implements SettingType<T> {
        @Override
        public Optional<T> fromToml(Object value) {
            return value instanceof String text ? fromText(text) : Optional.empty();
        }

        @Override
        public Optional<T> fromText(String text) {
            return reader.apply(text);
        }

        @Override
        public String toToml(T value) {
            return quote(writer.apply(value));
        }
    }

    private record Whole(long least, long most) implements SettingType<Integer> {
        @Override
        public String rule() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public Optional<Integer> fromToml(Object value) {
            return value instanceof Long number && number >= least && number <= most
                    ? Optional.of(number.intValue())
                    : Optional.empty();
        }

        @Override
        public Optional<Integer> fromText(String text) {
            return WHOLE.matcher(text).matches() ? fromToml(Long.valueOf(text)) : Optional.empty();
        }

        @Override
        public String toToml(Integer value) {
            return value.toString();
        }
    }

    private record Flag() implements SettingType<Boolean> {
        @Override
        public String rule() {
            return "true or false";
        }

        @Override
        public Optional<Boolean> fromToml(Object value) {
            return value instanceof Boolean flag ? Optional.of(flag) : Optional.empty();
        }

        @Override
        public Optional<Boolean> fromText(String text) {
            return switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
            };
        }

        @Override
        public String toToml(Boolean value) {
            return value.toString();
        }
    }

    private record Listing<T>(SettingType<T> element, boolean mayBeEmpty) implements SettingType<List<T>> {
        @Override
        public String rule() {
            return "a list in square brackets, each of its elements " + element.rule()
                    + (mayBeEmpty ? "" : ", at least one");
        }

        @Override
        public Optional<List<T>> fromToml(Object value) {
            if (!(value instanceof TomlArray array) || (array.isEmpty() && !mayBeEmpty)) {
                return Optional.empty();
            }
            List<T> elements = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                Optional<T> one = element.fromToml(array.get(i));
                if (one.isEmpty()) {
                    return Optional.empty();
                }
                elements.add(one.get());
            }
            return Optional.of(List.copyOf(elements));
        }

        @Override
        public Optional<List<T>> fromText(String text) {
            TomlParseResult parsed = Toml.parse("value = " + text);
            return parsed.hasErrors() || parsed.size() != 1 ? Optional.empty() : fromToml(parsed.get("value"));
        }

        @Override
        public String toToml(List<T> value) {
            return value.stream().map(element::toToml).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** Any text, the empty one too where {@code mayBeEmpty}. */
    static SettingType<String> text(String rule, boolean mayBeEmpty) {
        return new Text<>(
                rule,
                text -> (mayBeEmpty && text.isEmpty()) || !text.isBlank() ? Optional.of(text) : Optional.empty(),
                text -> text);
    }

    /** A path; empty for none. */
    static SettingType<Optional<Path>> path() {
        return new Text<>(
                "a path without control characters and without bytes that are no UTF-8, or empty for the usual one",
                SettingTypes::readPath,
                path -> path.map(Path::toString).orElse(""));
    }

    static SettingType<String> oneOf(String... words) {
        List<String> known = List.of(words);
        return new Text<>(
                "one of " + String.join(", ", known), text -> Optional.of(text).filter(known::contains), text -> text);
    }

    /** One of {@code values}, by its label. */
    static <E extends Enum<E>> SettingType<E> oneOf(E[] values, Function<E, String> label) {
        List<E> known = List.of(values);
        return new Text<>(
                "one of " + known.stream().map(label).collect(Collectors.joining(", ")),
                text -> known.stream()
                        .filter(value -> label.apply(value).equals(text))
                        .findFirst(),
                label);
    }

    static SettingType<Duration> time(Duration least, Duration most) {
        return new Text<>(
                "a number and a unit (ms, s, m, h), from " + Durations.format(least) + " to " + Durations.format(most),
                text -> Durations.parse(text).filter(time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0),
                Durations::format);
    }

    static SettingType<Integer> whole(int least, int most) {
        return new Whole(least, most);
    }

    static SettingType<Boolean> flag() {
        return new Flag();
    }

    static <T> SettingType<List<T>> list(SettingType<T> element) {
        return new Listing<>(element, true);
    }

    static <T> SettingType<List<T>> filledList(SettingType<T> element) {
        return new Listing<>(element, false);
    }

    private static Optional<Optional<Path>> readPath(String text) {
        if (text.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        if (!ForeignText.of(text).equals(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Optional.of(NamedPath.of(text)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static String quote(String text) {
        return '"' + Toml.tomlEscape(text).toString() + '"';
    }
}
