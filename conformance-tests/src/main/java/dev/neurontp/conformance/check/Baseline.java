package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Stage;
import dev.neurontp.conformance.json.JsonValue;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.process.Output.Reply;
import java.util.List;
import java.util.Optional;

/**
 * What this worker answers to plain requests. Rules that are not about the answer itself are judged against it,
 * so that one wrong field is one failure and not a hundred.
 */
record Baseline(JsonObject pong, Answer sanity, Answer init, Stage stage) {

    private static final List<String> PONG_FIELDS = List.of("op", "rank", "world_size", "cuda_device");

    boolean isPong(Reply reply) {
        return PONG_FIELDS.stream().allMatch(field -> isSame(reply.object().get(field), pong.get(field)));
    }

    /** Whether it has the tag of a pong, whatever its fields say. */
    boolean isTaggedAsPong(Reply reply) {
        return isSame(reply.object().get("op"), pong.get("op"));
    }

    private static boolean isSame(Optional<JsonValue> one, Optional<JsonValue> other) {
        return one.isPresent() == other.isPresent()
                && one.filter(value -> !value.isSameAs(other.orElseThrow())).isEmpty();
    }

    boolean isSanity(Reply reply) {
        return Answer.of(reply).equals(sanity);
    }

    /** Whether a sanity check's answer can be told from every other one. */
    boolean sanityIsDistinct() {
        return sanity.equals(new Answer("error", stage.sanityKind()));
    }
}
