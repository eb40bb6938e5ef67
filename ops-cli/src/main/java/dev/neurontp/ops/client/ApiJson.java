package dev.neurontp.ops.client;

import dev.neurontp.harness.api.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a daemon sends, as trees and records; a reply that is none is an {@link UnexpectedReplyException}. */
public final class ApiJson {
    private ApiJson() {}

    /**
     * The text as a tree.
     *
     * @throws UnexpectedReplyException when it is not JSON
     */
    static JsonNode parse(String text) {
        try {
            return Json.mapper().readTree(text);
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
            return Json.mapper().treeToValue(node, type);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("it is no " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** A record, a map or a tree as a tree. */
    public static JsonNode tree(Object value) {
        return Json.mapper().valueToTree(value);
    }

    /** On one line. */
    public static String text(Object value) {
        return Json.text(value);
    }
}
