package dev.neurontp.ops.client;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.text.ForeignText;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What a daemon sends, as trees and records; a reply that is none is an {@link UnexpectedReplyException}. What answers may be no
 * daemon of ours: every text in a tree is one line without what could drive a terminal, names of fields too.
 */
public final class ApiJson {
    /** Of one reply: a tree takes up to 100 bytes for each. The list of 48 pools of 64 ranks has 5000. */
    private static final long MOST_TOKENS = 2_000_000;

    private static final int LONGEST_TEXT = 1 << 20;
    /** The one text of several lines: why a pool has failed. */
    private static final String FAILURE = "failure";

    private static final String FAILURE_TEXT = "text";

    private static final JsonMapper BOUNDED = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .build();

    private ApiJson() {}

    /**
     * The text as a tree.
     *
     * @throws UnexpectedReplyException when it is not one JSON object
     */
    static JsonNode parse(String text) {
        JsonNode tree;
        try {
            tree = BOUNDED.readTree(text);
        } catch (JacksonException e) {
            throw new UnexpectedReplyException("it is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!tree.isObject()) {
            throw new UnexpectedReplyException("it is no JSON object", null);
        }
        return clean(tree, "", "");
    }

    private static JsonNode clean(JsonNode node, String parent, String name) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode clean = BOUNDED.createObjectNode();
                object.forEachEntry(
                        (key, value) -> clean.set(ForeignText.of(key, LONGEST_TEXT), clean(value, name, key)));
                yield clean;
            }
            case ArrayNode array -> {
                ArrayNode clean = BOUNDED.createArrayNode();
                array.forEach(value -> clean.add(clean(value, parent, name)));
                yield clean;
            }
            case StringNode text -> {
                boolean severalLines = parent.equals(FAILURE) && name.equals(FAILURE_TEXT);
                String value = text.stringValue();
                yield StringNode.valueOf(
                        severalLines ? ForeignText.lines(value, LONGEST_TEXT) : ForeignText.of(value, LONGEST_TEXT));
            }
            default -> node;
        };
    }

    /**
     * The tree as a record.
     *
     * @throws UnexpectedReplyException when a field is missing or has another type than the interface says
     */
    static <T> T read(JsonNode node, Class<T> type) {
        try {
            T read = Json.mapper().treeToValue(node, type);
            if (read == null) {
                throw new UnexpectedReplyException("it holds no " + type.getSimpleName(), null);
            }
            return read;
        } catch (JacksonException e) {
            String place = e.getPath().stream()
                    .map(step ->
                            step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                    .collect(Collectors.joining());
            String wrong = place.isEmpty() ? "" : ": " + place + " is not as the interface says";
            throw new UnexpectedReplyException("it is no " + type.getSimpleName() + wrong, e);
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
