package dev.neurontp.ops.client;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the daemon writes it: snake_case, times as text, fields that we do not know ignored. */
public final class ApiJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ApiJson() {}

    /**
     * The text as a tree.
     *
     * @throws UnexpectedReplyException when it is not JSON
     */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The tree as a record.
     *
     * @throws UnexpectedReplyException when a field has another type than the interface says
     */
    public static <T> T read(JsonNode node, Class<T> type) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("it is no " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** A record, a map or a tree as a tree. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** On one line. */
    public static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }
}
