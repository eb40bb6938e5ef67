package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.text.Secrets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Takes what may be a secret out of what is written down. */
final class Masking {
    private static final String COMMAND = "command";
    private static final String LABELS = "labels";

    private Masking() {}

    /** The same tree with each text masked; a command and labels by the names of their options and keys, too. */
    static JsonNode of(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode masked = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> masked.set(
                        name,
                        switch (name) {
                            case COMMAND -> command(value);
                            case LABELS -> labels(value);
                            default -> of(value);
                        }));
                yield masked;
            }
            case ArrayNode array -> {
                ArrayNode masked = JsonNodeFactory.instance.arrayNode();
                array.forEach(value -> masked.add(of(value)));
                yield masked;
            }
            case StringNode text -> StringNode.valueOf(Secrets.masked(text.stringValue()));
            default -> node;
        };
    }

    private static JsonNode command(JsonNode words) {
        List<String> masked = Secrets.masked(
                words.valueStream().map(word -> word.asString("")).toList());
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        masked.forEach(array::add);
        return array;
    }

    private static JsonNode labels(JsonNode labels) {
        ObjectNode masked = JsonNodeFactory.instance.objectNode();
        labels.forEachEntry((key, value) -> masked.put(key, Secrets.masked(key, value.asString(""))));
        return masked;
    }
}
