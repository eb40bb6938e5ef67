package dev.neurontp.harness.text;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * JSON that somebody else wrote: a daemon that may be none of ours, a file. Every text in it is one line without what could
 * drive a terminal, names of fields too. Stateless: any thread may call.
 */
public final class ForeignJson {
    /** Of one text: a tree takes up to 100 bytes for each. The list of 48 pools of 64 ranks has 5000. */
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

    private ForeignJson() {}

    /**
     * The text as a tree.
     *
     * @throws JacksonException when it is not JSON
     */
    public static JsonNode parse(String text) {
        return clean(BOUNDED.readTree(text), "", "");
    }

    /** The same for text in UTF-8. */
    public static JsonNode parse(byte[] text) {
        return parse(new String(text, StandardCharsets.UTF_8));
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
}
