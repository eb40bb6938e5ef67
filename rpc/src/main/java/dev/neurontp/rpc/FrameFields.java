package dev.neurontp.rpc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;

/**
 * The top-level fields of one frame, read as strictly as the contract asks: what Jackson lets pass and RFC 8259 does not
 * (lone surrogates, a second value after the object) is refused here. Fields that the contract does not know are
 * checked for being JSON and forgotten (O3).
 */
final class FrameFields {
    /** Nesting beyond this is refused. The contract asks for 126 levels and leaves more alone (O7). */
    static final int MAX_NESTING = 1000;

    private static final String LONE_SURROGATE = "a string holds an escaped lone surrogate (\\uD800 to \\uDFFF)";

    /** Created for the first frame that is not plain. */
    private static final class Parser {
        private static final JsonFactory JSON = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxNameLength(Integer.MAX_VALUE)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                // Names are the leader's own: many of them are no attack, and none may be interned for ever.
                .disable(TokenStreamFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
                .build();
    }

    private record Value(JsonToken token, String text, boolean repeated) {}

    private final Map<String, Value> values = new HashMap<>();

    private FrameFields() {}

    /**
     * Reads one object and keeps the scalar values of {@code known}. Reads bytes, not characters: in escapes the parser's
     * character form takes any character whose low byte is a hex digit.
     *
     * @param frame valid UTF-8 without a byte order mark
     * @throws WireException when the frame is not exactly one JSON object
     */
    static FrameFields read(byte[] frame, Set<String> known) throws WireException {
        Optional<Map<String, PlainFrame.Value>> plain = PlainFrame.read(frame);
        return plain.isPresent() ? of(plain.get()) : parsed(frame, known);
    }

    private static FrameFields of(Map<String, PlainFrame.Value> plain) {
        FrameFields fields = new FrameFields();
        plain.forEach((name, value) -> fields.values.put(
                name,
                new Value(
                        value.isNumber() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_STRING, value.text(), false)));
        return fields;
    }

    static FrameFields parsed(byte[] frame, Set<String> known) throws WireException {
        FrameFields fields = new FrameFields();
        try (JsonParser json = Parser.JSON.createParser(ObjectReadContext.empty(), frame)) {
            fields.readAll(json, known);
        } catch (JacksonException e) {
            throw WireException.badRequest("not JSON: " + what(e) + where(e));
        }
        return fields;
    }

    private void readAll(JsonParser json, Set<String> known) throws WireException {
        JsonToken first = json.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw WireException.badRequest("a frame is one JSON object, and this is " + describe(first));
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = wellFormed(json.getString());
            JsonToken token = json.nextToken();
            if (known.contains(name)) {
                String text = token.isScalarValue() ? json.getString() : "";
                values.merge(name, new Value(token, text, false), (a, b) -> new Value(a.token, a.text, true));
            }
            readToEndOfValue(json);
        }
        if (json.nextToken() != null) {
            throw WireException.badRequest("there is something after the object: a frame is one JSON object");
        }
    }

    /** Reads every string on the way, since a skipped one is checked less. */
    private static void readToEndOfValue(JsonParser json) throws WireException {
        int depth = 0;
        JsonToken token = json.currentToken();
        while (true) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING || token == JsonToken.PROPERTY_NAME) {
                wellFormed(json.getString());
            }
            if (depth == 0) {
                return;
            }
            token = json.nextToken();
        }
    }

    private static String wellFormed(String text) throws WireException {
        if (!WireText.isWellFormed(text)) {
            throw WireException.badRequest("not JSON: " + LONE_SURROGATE);
        }
        return text;
    }

    /** The string under {@code name}. */
    String string(String name) throws WireException {
        Value value = once(name);
        if (value.token != JsonToken.VALUE_STRING) {
            throw WireException.badRequest(name + " must be a string, and is " + describe(value.token));
        }
        return value.text;
    }

    /** The integer under {@code name}, 0 to 4294967295, written as plain digits (O2). */
    long u32(String name) throws WireException {
        Value value = once(name);
        if (value.token != JsonToken.VALUE_NUMBER_INT) {
            String shown =
                    value.token == JsonToken.VALUE_NUMBER_FLOAT ? WireText.quotable(value.text) : describe(value.token);
            throw WireException.badRequest(name + " must be an integer between 0 and " + U32.MAX + ", and is " + shown);
        }
        try {
            return U32.parse(name, value.text);
        } catch (NumberFormatException e) {
            throw WireException.badRequest(e.getMessage());
        }
    }

    private Value once(String name) throws WireException {
        Value value = values.get(name);
        if (value == null) {
            throw WireException.badRequest("the field " + name + " is missing");
        }
        if (value.repeated) {
            throw WireException.badRequest("the field " + name + " is there more than once");
        }
        return value;
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case null -> "empty";
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            default -> "not a value";
        };
    }

    /** Not in the library's words, which quote the frame and speak of its own classes. */
    private static String what(JacksonException e) {
        return switch (e) {
            case UnexpectedEndOfInputException _ -> "it ends too early";
            case StreamConstraintsException _ -> "its nesting is deeper than " + MAX_NESTING + " levels";
            // In a name the library finds it first.
            default ->
                String.valueOf(e.getOriginalMessage()).contains("surrogate")
                        ? LONE_SURROGATE
                        : "what is there cannot be there";
        };
    }

    private static String where(JacksonException e) {
        return e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
    }
}
