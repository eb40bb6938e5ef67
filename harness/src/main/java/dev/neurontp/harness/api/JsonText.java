package dev.neurontp.harness.api;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * Writes trees, and maps and lists of them, of text and of numbers, as a {@code JsonMapper} does, without one, as {@link JsonTree} reads.
 * Stateless: any thread may call.
 */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** {@code value} on one line; empty where it holds something that a mapper has to take apart. */
    static Optional<String> of(Object value) {
        if (!isPlain(value)) {
            return Optional.empty();
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        return Optional.of(text.toString());
    }

    // Here and in what writes by instanceof: Java makes code of its own for a switch over types, each time a program
    // starts.
    private static boolean isPlain(Object value) {
        if (value instanceof JsonNode node) {
            return isPlain(node);
        }
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream().allMatch(String.class::isInstance)
                    && map.values().stream().allMatch(JsonText::isPlain);
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(JsonText::isPlain);
        }
        return value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double;
    }

    private static boolean isPlain(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT, ARRAY -> node.values().stream().allMatch(JsonText::isPlain);
            case STRING, BOOLEAN, NULL -> true;
            case NUMBER -> node.isInt() || node.isLong() || node.isBigInteger() || node.isDouble();
            case BINARY, MISSING, POJO -> false;
        };
    }

    @SuppressWarnings("IfChainToSwitch")
    private static void write(JsonGenerator json, Object value) {
        if (value instanceof JsonNode node) {
            write(json, node);
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            map.forEach((name, each) -> {
                json.writeName((String) name);
                write(json, each);
            });
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            list.forEach(each -> write(json, each));
            json.writeEndArray();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean is) {
            json.writeBoolean(is);
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    private static void write(JsonGenerator json, JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                json.writeStartObject();
                node.properties().forEach(property -> {
                    json.writeName(property.getKey());
                    write(json, property.getValue());
                });
                json.writeEndObject();
            }
            case ARRAY -> {
                json.writeStartArray();
                node.values().forEach(each -> write(json, each));
                json.writeEndArray();
            }
            case STRING -> json.writeString(node.stringValue());
            case BOOLEAN -> json.writeBoolean(node.booleanValue());
            case NULL -> json.writeNull();
            case NUMBER -> number(json, node);
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not plain: " + node.getNodeType());
        }
    }

    private static void number(JsonGenerator json, JsonNode node) {
        if (node.isInt()) {
            json.writeNumber(node.intValue());
        } else if (node.isLong()) {
            json.writeNumber(node.longValue());
        } else if (node.isDouble()) {
            json.writeNumber(node.doubleValue());
        } else {
            json.writeNumber(node.bigIntegerValue());
        }
    }
}
