package dev.neurontp.rpc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Writes JSON in any spelling that RFC 8259 allows on one line. */
final class JsonText {
    private static final List<String> SPACES = List.of("", "", " ", "\t", "\r", " \t ");

    private JsonText() {}

    /** The fields in any order, with any white space, names and values in any spelling. */
    static String object(List<Map.Entry<String, String>> fields, Random random) {
        List<Map.Entry<String, String>> shuffled = new ArrayList<>(fields);
        Collections.shuffle(shuffled, random);
        StringBuilder text = new StringBuilder(space(random) + "{" + space(random));
        String comma = "";
        for (Map.Entry<String, String> field : shuffled) {
            text.append(comma)
                    .append(space(random))
                    .append(string(field.getKey(), random))
                    .append(space(random))
                    .append(':')
                    .append(space(random))
                    .append(field.getValue())
                    .append(space(random));
            comma = ",";
        }
        return text.append('}').append(space(random)).toString();
    }

    /** The string with any character escaped or not, as JSON allows. */
    static String string(String value, Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1));
            boolean must = c < ' ' || c == '"' || c == '\\' || (Character.isSurrogate(c) && !pair);
            if (must || random.nextInt(4) == 0) {
                text.append(escaped(c, random));
            } else {
                text.append(c);
                if (pair) {
                    text.append(value.charAt(++i));
                }
            }
        }
        return text.append('"').toString();
    }

    private static String escaped(char c, Random random) {
        int shorthand = "\"\\/\b\f\n\r\t".indexOf(c);
        if (shorthand >= 0 && random.nextBoolean()) {
            return "\\" + "\"\\/bfnrt".charAt(shorthand);
        }
        String format = random.nextBoolean() ? "\\u%04x" : "\\u%04X";
        return String.format(java.util.Locale.ROOT, format, (int) c);
    }

    private static String space(Random random) {
        return SPACES.get(random.nextInt(SPACES.size()));
    }

    /** Any JSON value on one line, a few levels deep. */
    static Arbitrary<String> values() {
        Arbitrary<String> leaves = Arbitraries.oneOf(
                Arbitraries.of("null", "true", "false", "{}", "[]", "0", "-0", "1e3", "-1.5E-7", "\"\"", "\"\\u0000\""),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.strings()
                        .ofMaxLength(10)
                        .filter(WireText::isWellFormed)
                        .map(text -> string(text, new Random(text.hashCode()))));
        return Arbitraries.lazyOf(
                () -> leaves,
                () -> leaves,
                () -> values().list().ofMaxSize(3).map(values -> "[" + String.join(",", values) + "]"),
                () -> values().list().ofMaxSize(3).map(JsonText::objectOf));
    }

    private static String objectOf(List<String> values) {
        List<String> fields = new ArrayList<>();
        for (String value : values) {
            fields.add("\"op\":" + value);
        }
        return "{" + String.join(", ", fields) + "}";
    }
}
