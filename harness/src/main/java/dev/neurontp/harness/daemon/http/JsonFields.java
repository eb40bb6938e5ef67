package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a JSON object, taken one by one; {@link #end} refuses what was not taken. For one thread. */
final class JsonFields {
    private static final int SHOWN = 80;

    private final String prefix;
    private final ObjectNode object;
    private final Set<String> taken = new TreeSet<>();

    JsonFields(String prefix, ObjectNode object) {
        this.prefix = prefix;
        this.object = object;
    }

    /** Nothing else may be there. */
    void end() {
        for (String name : object.propertyNames()) {
            if (!taken.contains(name)) {
                throw wrong(
                        name,
                        "there is no field '" + shown(prefix + name) + "' here: known are " + String.join(", ", taken));
            }
        }
    }

    /** A text that is not blank. */
    Optional<String> text(String name) {
        return take(name).map(node -> {
            if (node.isString() && !node.stringValue().isBlank() && isWhole(node.stringValue())) {
                return node.stringValue();
            }
            throw wrong(name, node, "a string that is not blank and has no half of a surrogate pair");
        });
    }

    /** A whole number. */
    Optional<Long> number(String name, long least, long most) {
        return take(name).map(node -> number(name, node, least, most));
    }

    /** True or false. */
    Optional<Boolean> flag(String name) {
        return take(name).map(node -> {
            if (node.isBoolean()) {
                return node.booleanValue();
            }
            throw wrong(name, node, "true or false");
        });
    }

    /** A list of whole numbers. */
    Optional<List<Long>> numbers(String name, long least, long most) {
        return list(name, "a list of whole numbers")
                .map(nodes -> nodes.stream()
                        .map(node -> number(name, node, least, most))
                        .toList());
    }

    /** A list of texts. */
    Optional<List<String>> texts(String name) {
        return list(name, "a list of strings")
                .map(nodes -> nodes.stream()
                        .map(node -> {
                            if (node.isString() && isWhole(node.stringValue())) {
                                return node.stringValue();
                            }
                            throw wrong(name, node, "a string that has no half of a surrogate pair");
                        })
                        .toList());
    }

    /** An object. */
    Optional<JsonFields> object(String name) {
        return take(name).map(node -> {
            if (node instanceof ObjectNode inner) {
                return new JsonFields(prefix + name + ".", inner);
            }
            throw wrong(name, node, "an object");
        });
    }

    /** An object whose values are all texts; they may be empty. */
    Optional<Map<String, String>> textMap(String name) {
        return take(name).map(node -> {
            Map<String, String> texts = new LinkedHashMap<>();
            if (node instanceof ObjectNode inner) {
                inner.forEachEntry((key, value) -> {
                    if (value.isString()) {
                        texts.put(key, value.stringValue());
                    }
                });
            }
            if (!node.isObject() || texts.size() != node.size()) {
                throw wrong(name, node, "an object whose values are strings");
            }
            return texts;
        });
    }

    /** A duration. */
    Optional<Duration> time(String name) {
        return take(name)
                .map(node -> (node.isString() ? Durations.parse(node.stringValue()) : Optional.<Duration>empty())
                        .orElseThrow(() -> wrong(name, node, "a number and a unit, as in \"30s\" (ms, s, m, h)")));
    }

    /** The value of a field that must be there. */
    <T> T require(String name, Optional<T> value) {
        return value.orElseThrow(() -> wrong(name, "the field '" + prefix + name + "' is missing"));
    }

    private Optional<List<JsonNode>> list(String name, String what) {
        return take(name).map(node -> {
            if (!node.isArray()) {
                throw wrong(name, node, what);
            }
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(elements::add);
            return elements;
        });
    }

    private long number(String name, JsonNode node, long least, long most) {
        if (node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= least
                && node.longValue() <= most) {
            return node.longValue();
        }
        throw wrong(name, node, "a whole number from " + least + " to " + most);
    }

    private Optional<JsonNode> take(String name) {
        taken.add(name);
        return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
    }

    private ApiException wrong(String name, JsonNode node, String rule) {
        return wrong(name, prefix + name + " is " + shown(node.toString()) + ": it must be " + rule);
    }

    private ApiException wrong(String name, String message) {
        return QueryParameters.wrong(shown(prefix + name), message);
    }

    /** Whether it can be written as UTF-8; JSON can escape what cannot. */
    private static boolean isWhole(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static String shown(String text) {
        return ForeignText.of(text, SHOWN);
    }
}
