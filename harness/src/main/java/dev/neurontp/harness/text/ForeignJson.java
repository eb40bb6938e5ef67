package dev.neurontp.harness.text;

import dev.neurontp.harness.api.JsonTree;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * JSON that somebody else wrote: a daemon that may be none of ours, a file. Every text in it is one line without what could
 * drive a terminal, names of fields too. Stateless: any thread may call.
 */
public final class ForeignJson {
    /** Of one text: a tree takes up to 100 bytes for each. The list of 48 pools of 64 ranks has 5000. */
    static final long MOST_TOKENS = 2_000_000;

    private static final int LONGEST_TEXT = 1 << 20;
    /** The one text of several lines: why a pool has failed. */
    private static final String FAILURE = "failure";

    private static final String FAILURE_TEXT = "text";

    private static final JsonTree BOUNDED = new JsonTree(
            JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build(),
            new Clean());

    private ForeignJson() {}

    /**
     * The text as a tree.
     *
     * @throws JacksonException when it is not JSON
     */
    public static JsonNode parse(String text) {
        return BOUNDED.read(text);
    }

    /** The same for text in UTF-8. */
    public static JsonNode parse(byte[] text) {
        return parse(new String(text, StandardCharsets.UTF_8));
    }

    private static final class Clean implements JsonTree.Texts {
        @Override
        public String name(String text) {
            return ForeignText.of(text, LONGEST_TEXT);
        }

        @Override
        public String value(String text, String parent, String name) {
            boolean severalLines = parent.equals(FAILURE) && name.equals(FAILURE_TEXT);
            return severalLines ? ForeignText.lines(text, LONGEST_TEXT) : ForeignText.of(text, LONGEST_TEXT);
        }
    }
}
