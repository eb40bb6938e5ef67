package dev.neurontp.conformance.check;

import dev.neurontp.conformance.json.JsonFault;
import dev.neurontp.conformance.json.JsonValue;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.Member;
import dev.neurontp.conformance.json.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What is particular about a request line, and the rule that is about just that. Random lines of one class stand for one failure:
 * another seed finds another line of the same class.
 */
enum LineClass {
    BLANK("F3", "a blank line"),
    LARGE("F8", "a line of over 8 KiB"),
    NOT_UTF8("F10", "bytes that are not UTF-8"),
    BYTE_ORDER_MARK("F11", "a byte order mark"),
    OTHER_BLANK("O6", "a blank that JSON does not know"),
    COMMENT("O6", "a comment"),
    TRAILING_COMMA("O6", "a trailing comma"),
    COMMA("O6", "a comma too many"),
    AFTER("O6", "text after the value"),
    QUOTES("O6", "single quotes"),
    NAME("O6", "a name without quotes"),
    WORD("O6", "a word that is no value"),
    NUMBER("O6", "a number in another form than JSON's"),
    CONTROL_CHARACTER("O6", "a raw control character in a string"),
    ESCAPE("O6", "an escape that there is not"),
    CUT_SHORT("O6", "an object that is cut short"),
    NOT_JSON("O6", "no JSON at all"),
    ARRAY("O6", "an array"),
    SCALAR("O6", "a value that is no object"),
    HALF_CHARACTER("O6", "half a character"),
    NO_OP("O6", "no op"),
    OP_TYPE("O6", "an op that is no string"),
    COMM_ID("O6", "init without a string as comm_id"),
    OP_TWICE("O4", "op twice"),
    COMM_ID_TWICE("O4", "comm_id twice"),
    UNKNOWN_OP("O5", "an unknown op"),
    DEEP("O7", "deep nesting"),
    FOREIGN_COMM_ID("O3", "comm_id in a request that has none"),
    UNKNOWN_FIELD("O3", "unknown fields"),
    WHITE_SPACE("F2", "white space between the tokens"),
    SPELLING("O1", "escapes in names and tags"),
    INIT("", "a plain init"),
    PLAIN("", "a plain request");

    private static final int LONG = 8192;
    private static final int MANY_LEVELS = 60;

    private final String rule;
    private final String words;

    LineClass(String rule, String words) {
        this.rule = rule;
        this.words = words;
    }

    /** The rule that is about such lines; empty for plain ones. */
    String rule() {
        return rule;
    }

    /** For a person, and for files of known failures: never renamed. */
    String words() {
        return words;
    }

    /** The rule that is about lines of the class of these words; empty where there is none. */
    static String ruleOf(String words) {
        return Arrays.stream(values())
                .filter(one -> one.words.equals(words))
                .map(LineClass::rule)
                .findFirst()
                .orElse("");
    }

    static LineClass of(byte[] line) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return NOT_UTF8;
        }
        if (text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r')) {
            return BLANK;
        }
        if (text.chars().filter(c -> c == '[' || c == '{').count() > MANY_LEVELS) {
            return DEEP;
        }
        if (line.length > LONG) {
            return LARGE;
        }
        if (text.stripLeading().startsWith("\ufeff")) {
            return BYTE_ORDER_MARK;
        }
        try {
            StrictJson.Reading reading = StrictJson.read(text);
            return of(reading.value(), text, reading.whiteSpace());
        } catch (JsonFault fault) {
            return notJson(text, fault);
        }
    }

    private static LineClass of(JsonValue value, String text, boolean whiteSpace) {
        return switch (value) {
            case JsonObject object -> of(object, text, whiteSpace);
            case JsonValue.JsonArray array -> ARRAY;
            default -> SCALAR;
        };
    }

    private static LineClass of(JsonObject object, String text, boolean whiteSpace) {
        List<JsonValue> ops = named(object, "op");
        if (object.hasLoneSurrogate()) {
            return HALF_CHARACTER;
        }
        if (ops.size() != 1) {
            return ops.isEmpty() ? NO_OP : OP_TWICE;
        }
        if (!(ops.getFirst() instanceof JsonString op)) {
            return OP_TYPE;
        }
        List<JsonValue> ids = named(object, "comm_id");
        boolean init = op.value().equals("init");
        if (init && (ids.size() != 1 || !(ids.getFirst() instanceof JsonString))) {
            return ids.size() > 1 ? COMM_ID_TWICE : COMM_ID;
        }
        if (!init && !List.of("ping", "nccl_sanity_check", "shutdown").contains(op.value())) {
            return UNKNOWN_OP;
        }
        if (object.members().size() > (init ? 2 : 1)) {
            return init || ids.isEmpty() ? UNKNOWN_FIELD : FOREIGN_COMM_ID;
        }
        if (whiteSpace) {
            return WHITE_SPACE;
        }
        return text.contains("\\") ? SPELLING : init ? INIT : PLAIN;
    }

    private static List<JsonValue> named(JsonObject object, String name) {
        return object.members().stream()
                .filter(member -> member.name().equals(name))
                .map(Member::value)
                .toList();
    }

    private static LineClass notJson(String text, JsonFault fault) {
        if (fault.isAtEnd()) {
            return CUT_SHORT;
        }
        char c = text.charAt(fault.place());
        String before = text.substring(0, fault.place()).stripTrailing();
        char last = before.isEmpty() ? ' ' : before.charAt(before.length() - 1);
        String why = fault.getMessage();
        if (why.contains("control character")) {
            return CONTROL_CHARACTER;
        }
        if (why.contains("escape") || why.contains("hex digit")) {
            return ESCAPE;
        }
        if (c == '/' || c == '#') {
            return COMMENT;
        }
        if (last == ',' && (c == '}' || c == ']')) {
            return TRAILING_COMMA;
        }
        if (c < 0x20 || Character.isSpaceChar(c) || c == 0x7f || c == 0x85 || c == '\ufeff') {
            return OTHER_BLANK;
        }
        if (c == '\'') {
            return QUOTES;
        }
        boolean after = why.contains("after the value");
        if (after && before.endsWith("}")) {
            return AFTER;
        }
        if (c == ',') {
            return COMMA;
        }
        if ("+-.".indexOf(c) >= 0 || why.contains("a digit") || (!after && last >= '0' && last <= '9')) {
            return NUMBER;
        }
        if (why.contains("a name in quotes")) {
            return NAME;
        }
        return Character.isLetter(c) && isWithin(before) ? WORD : NOT_JSON;
    }

    /** Whether the text before it began an object or an array. */
    private static boolean isWithin(String before) {
        return before.stripLeading().startsWith("{") || before.stripLeading().startsWith("[");
    }
}
