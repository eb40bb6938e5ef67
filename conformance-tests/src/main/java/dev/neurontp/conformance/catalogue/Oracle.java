package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Expect;
import dev.neurontp.conformance.check.Line;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.json.JsonFault;
import dev.neurontp.conformance.json.JsonValue;
import dev.neurontp.conformance.json.JsonValue.JsonArray;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.JsonWord;
import dev.neurontp.conformance.json.StrictJson;
import java.util.List;

/**
 * The contract's model of one request line: what must come back for any text at all. Where the contract leaves a
 * line alone, exactly one reply is all that is asked. Requests that change the worker's state are not its matter:
 * shutdown, and init where it really joins.
 */
final class Oracle {

    private final Contract contract;

    Oracle(Contract contract) {
        this.contract = contract;
    }

    /** The line with what must come back for it. */
    Line judge(String text) {
        return Line.of(text, expect(text));
    }

    private Expect expect(String text) {
        if (text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r')) {
            return Expect.silence();
        }
        StrictJson.Reading reading;
        try {
            reading = StrictJson.read(text);
        } catch (JsonFault fault) {
            return isOverstretched(text) ? leftAlone(text) : bad("O6");
        }
        return switch (reading.value()) {
            case JsonArray array -> isPositional(array) ? leftAlone(text) : bad("O6");
            case JsonObject object -> request(text, object, reading.whiteSpace());
            default -> bad("O6");
        };
    }

    private Expect request(String text, JsonObject object, boolean whiteSpace) {
        if (object.hasLoneSurrogate()) {
            return bad("O6");
        }
        if (object.members().stream().anyMatch(member -> !member.name().equals("op") && isLeftAlone(member.value()))) {
            return leftAlone(text);
        }
        List<JsonValue> ops = named(object, "op");
        if (ops.size() > 1) {
            return bad("O4");
        }
        if (ops.isEmpty() || !(ops.getFirst() instanceof JsonString op)) {
            return bad("O6");
        }
        String taken = whiteSpace ? "F2" : object.members().size() > 1 ? "O3" : "O1";
        return switch (op.value()) {
            case "ping" -> Expect.pong().of(taken);
            case "nccl_sanity_check" -> Expect.sanity().of(taken);
            case "init" -> init(named(object, "comm_id"), taken);
            default ->
                contract.isUnknownOp(op.value())
                        ? Expect.error("bad_request", "unknown_op").of("O5")
                        : Expect.anyReply();
        };
    }

    /** Any reply: that of a sanity check too, where this may be taken for one, or for an init. */
    private static Expect leftAlone(String text) {
        boolean group = text.contains("nccl") || text.contains("init");
        return group && !text.contains("ping") ? Expect.anyMarker() : Expect.anyReply();
    }

    /** Refused, and the rule that a worker breaks which takes it. */
    private static Expect bad(String rule) {
        return Expect.error("bad_request").of(rule);
    }

    private static Expect init(List<JsonValue> ids, String taken) {
        return ids.size() == 1 && ids.getFirst() instanceof JsonString
                ? Expect.init().of(taken)
                : bad(ids.size() > 1 ? "O4" : "O6");
    }

    private static List<JsonValue> named(JsonObject object, String name) {
        return object.members().stream()
                .filter(member -> member.name().equals(name))
                .map(JsonValue.Member::value)
                .toList();
    }

    /** Whether the contract says nothing about a request with such a value in a field. */
    private static boolean isLeftAlone(JsonValue value) {
        return switch (value) {
            case JsonString string -> false;
            case JsonNumber number -> isBeyond(number.spelling());
            case JsonArray array -> array.items().stream().anyMatch(Oracle::isLeftAlone);
            case JsonObject object -> object.members().stream().anyMatch(member -> isLeftAlone(member.value()));
            case JsonWord word -> false;
        };
    }

    private static boolean isBeyond(String number) {
        return number.length() > 300 || Double.isInfinite(Double.parseDouble(number));
    }

    /** The form that the contract leaves alone: an array that begins with an op. */
    private static boolean isPositional(JsonArray array) {
        return !array.items().isEmpty() && array.items().getFirst() instanceof JsonString;
    }

    private static boolean isOverstretched(String text) {
        return text.chars().filter(c -> c == '[' || c == '{').count() > 126;
    }
}
