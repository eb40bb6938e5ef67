package dev.neurontp.conformance.check;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.json.JsonValue;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.Member;
import dev.neurontp.conformance.process.FramingDefect;
import dev.neurontp.conformance.process.Output;
import dev.neurontp.conformance.process.Output.Noise;
import dev.neurontp.conformance.process.Output.Reply;
import dev.neurontp.conformance.process.Printable;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Judges the form of every single thing that comes out of stdout, whatever is being checked: F1, F5, O1, O2, O9, O10. */
public final class ReplyShape {

    private static final Pattern PLAIN_DIGITS = Pattern.compile("0|[1-9][0-9]*");
    private static final BigInteger U32_MAX = BigInteger.valueOf(0xffff_ffffL);
    private static final int MAX_MESSAGE_BYTES = 4096;
    /** It may have a hundred thousand wrong fields, and each is told with the whole of it. */
    private static final int MOST_OF_A_REPLY = 100;

    private final Contract contract;

    /** Judges by this contract. */
    public ReplyShape(Contract contract) {
        this.contract = contract;
    }

    /** Whether there is nothing to say of it. */
    boolean isRight(Output output) {
        return violations(output, "").isEmpty();
    }

    /** What is wrong with {@code output}, which came after {@code sent}. */
    public List<RuleViolation> violations(Output output, String sent) {
        List<RuleViolation> found = new ArrayList<>();
        switch (output) {
            case Reply reply -> judge(reply, sent, found);
            case Noise noise ->
                found.add(new RuleViolation(
                                "F5",
                                unasked(sent),
                                "frames and nothing else on stdout",
                                "a line that is no frame (" + noise.why() + "): " + noise.line())
                        .noise()
                        .example(kind(noise)));
            case Output.End end -> {}
        }
        return found;
    }

    private void judge(Reply reply, String sent, List<RuleViolation> found) {
        for (FramingDefect defect : reply.defects()) {
            found.add(new RuleViolation(defect.rule(), sent, expectation(defect), defect.words() + ": " + reply)
                    .example(defect.words()));
        }
        String op = reply.op().orElse(null);
        Map<String, String> fields = op == null ? null : contract.replyFields().get(op);
        if (fields == null) {
            found.add(new RuleViolation(
                            "O1",
                            sent,
                            "a reply whose op is one of "
                                    + new java.util.TreeSet<>(
                                            contract.replyFields().keySet()),
                            reply.toString())
                    .example("the op " + ExampleName.of(String.valueOf(op))));
            return;
        }
        for (Member member : reply.object().members()) {
            if (found.size() < MOST_OF_A_REPLY && !member.name().equals("op") && !fields.containsKey(member.name())) {
                found.add(new RuleViolation(
                                "O9",
                                sent,
                                "a reply " + op + " with no other fields than its own",
                                "the field " + Printable.text(member.name()) + " in " + reply)
                        .example("the field " + ExampleName.of(member.name()) + " in a reply " + op));
            }
        }
        fields.forEach((name, type) -> judgeField(reply, op, name, type, sent, found));
    }

    private static void judgeField(
            Reply reply, String op, String name, String type, String sent, List<RuleViolation> found) {
        JsonObject object = reply.object();
        JsonValue value = object.get(name).orElse(null);
        if (value == null) {
            found.add(new RuleViolation("O9", sent, "a reply " + op + " with the field " + name, "none in " + reply));
        } else if (type.equals("u32")) {
            if (!isU32(value)) {
                found.add(new RuleViolation(
                        "O2",
                        sent,
                        name + " as an integer from 0 to 4294967295 in plain digits",
                        Printable.text(value.describe()) + " in " + reply));
            }
        } else if (!(value instanceof JsonString string)) {
            found.add(new RuleViolation(
                    "O10", sent, name + " as a string", Printable.text(value.describe()) + " in " + reply));
        } else if (name.equals("message")) {
            if (string.value().isEmpty()) {
                found.add(new RuleViolation("O10", sent, "a message for a person", "an empty one in " + reply));
            }
            int length = string.value().getBytes(StandardCharsets.UTF_8).length;
            if (length > MAX_MESSAGE_BYTES) {
                found.add(new RuleViolation(
                        "O10s", sent, "a message of at most 4096 bytes", "one of " + length + " bytes: " + reply));
            }
        }
    }

    /** Nothing that was sent asked for such a line. */
    private static String unasked(String sent) {
        String last = sent.lines().reduce((_, line) -> line).orElse("");
        return last.isEmpty()
                ? "(nothing asked for this line: it came before the first reply)"
                : "(nothing asked for this line; sent last before it: " + Failure.inOneLine(last) + ")";
    }

    /** Such a line without what differs each time it is written. */
    private static String kind(Noise noise) {
        String text = noise.line().replaceAll("[0-9]+", "#");
        return "the line "
                + text.substring(0, text.offsetByCodePoints(0, Math.min(60, text.codePointCount(0, text.length()))));
    }

    static boolean isU32(JsonValue value) {
        return value instanceof JsonNumber number
                && PLAIN_DIGITS.matcher(number.spelling()).matches()
                && number.spelling().length() <= 10
                && new BigInteger(number.spelling()).compareTo(U32_MAX) <= 0;
    }

    private static String expectation(FramingDefect defect) {
        return switch (defect) {
            case WHITE_SPACE -> "a compact reply";
            case DUPLICATE -> "each field once";
            case NO_LF -> "a line that ends in LF";
            default -> "one JSON object in UTF-8 on one line, ended by LF alone";
        };
    }
}
