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
        JsonValue value;
        try {
            value = StrictJson.read(text).value();
        } catch (JsonFault fault) {
            return isBlankToSome(text) || isOverstretched(text) ? Expect.anyReply() : Expect.error("bad_request");
        }
        return switch (value) {
            case JsonArray positional -> Expect.anyReply();
            case JsonObject object -> request(object);
            default -> Expect.error("bad_request");
        };
    }

    private Expect request(JsonObject object) {
        if (object.members().stream().anyMatch(member -> !member.name().equals("op") && isLeftAlone(member.value()))) {
            return Expect.anyReply();
        }
        List<JsonValue> ops = named(object, "op");
        if (ops.size() != 1 || !(ops.getFirst() instanceof JsonString op) || op.loneSurrogate()) {
            return Expect.error("bad_request");
        }
        return switch (op.value()) {
            case "ping" -> Expect.pong();
            case "nccl_sanity_check" -> Expect.sanity();
            case "init" -> init(named(object, "comm_id"));
            default -> contract.isUnknownOp(op.value()) ? Expect.error("bad_request", "unknown_op") : Expect.anyReply();
        };
    }

    private static Expect init(List<JsonValue> ids) {
        boolean good = ids.size() == 1 && ids.getFirst() instanceof JsonString id && !id.loneSurrogate();
        return good ? Expect.init() : Expect.error("bad_request");
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
            case JsonString string -> string.loneSurrogate();
            case JsonNumber number -> isBeyond(number.spelling());
            case JsonArray array -> array.items().stream().anyMatch(Oracle::isLeftAlone);
            case JsonObject object -> object.members().stream().anyMatch(member -> isLeftAlone(member.value()));
            case JsonWord word -> false;
        };
    }

    private static boolean isBeyond(String number) {
        return number.length() > 300 || Double.isInfinite(Double.parseDouble(number));
    }

    /** A line of other blanks alone is left alone. */
    private static boolean isBlankToSome(String text) {
        return text.codePoints()
                .allMatch(c ->
                        Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0xfeff || c < 0x20 || c == 0x85);
    }

    private static boolean isOverstretched(String text) {
        return text.chars().filter(c -> c == '[' || c == '{').count() > 126;
    }
}
