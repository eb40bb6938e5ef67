package dev.neurontp.harness.api;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON as a tree, as a {@code JsonMapper} does, without one: to create a mapper takes longer than all else that a short command
 * does with JSON. Stateless: any thread may call.
 */
public final class JsonTree {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonFactory factory;
    private final Texts texts;

    /** What becomes of the texts in the tree. */
    public interface Texts {
        /** Of the name of a field. */
        String name(String text);

        /** Of a value; {@code name} is its field's as it was read, {@code parent} that of the object around it. */
        String value(String text, String parent, String name);
    }

    /** Texts as they are. */
    private static final class AsTheyAre implements Texts {
        @Override
        public String name(String text) {
            return text;
        }

        @Override
        public String value(String text, String parent, String name) {
            return text;
        }
    }

    /** Reads as {@code factory} is set. */
    public JsonTree(JsonFactory factory) {
        this(factory, new AsTheyAre());
    }

    /** The same, with other texts in the tree. */
    public JsonTree(JsonFactory factory, Texts texts) {
        this.factory = factory;
        this.texts = texts;
    }

    /**
     * The one value of the text; a missing one where there is none.
     *
     * @throws JacksonException when it is not JSON, or not all of it is one value
     */
    public JsonNode read(String text) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            return whole(parser);
        }
    }

    /** The same for bytes in UTF-8. */
    public JsonNode read(byte[] text) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            return whole(parser);
        }
    }

    private JsonNode whole(JsonParser parser) {
        if (parser.nextToken() == null) {
            return MissingNode.getInstance();
        }
        JsonNode read = value(parser, "", "");
        if (parser.nextToken() != null) {
            throw MismatchedInputException.from(parser, JsonNode.class, "something is after the end");
        }
        return read;
    }

    private JsonNode value(JsonParser parser, String parent, String name) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, name);
            case START_ARRAY -> array(parser, parent, name);
            case VALUE_STRING -> NODES.stringNode(texts.value(parser.getString(), parent, name));
            case VALUE_NUMBER_INT -> whole(parser, parser.getNumberType());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    private ObjectNode object(JsonParser parser, String parent) {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            object.set(texts.name(name), value(parser, parent, name));
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String parent, String name) {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, parent, name));
        }
        return array;
    }

    private static JsonNode whole(JsonParser parser, JsonParser.NumberType type) {
        return switch (type) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
