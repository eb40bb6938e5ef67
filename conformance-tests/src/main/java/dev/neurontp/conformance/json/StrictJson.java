package dev.neurontp.conformance.json;

import dev.neurontp.conformance.json.JsonValue.JsonArray;
import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.JsonWord;
import dev.neurontp.conformance.json.JsonValue.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON text (RFC 8259) to its last character, taking nothing that the RFC does not. Nesting over 512
 * levels is refused: no reply of the contract nests at all.
 */
public final class StrictJson {

    private static final int MAX_DEPTH = 512;

    private final String text;
    private int at;
    private boolean whiteSpace;

    private StrictJson(String text) {
        this.text = text;
    }

    /** A value, and whether white space stood around or between its tokens. */
    public record Reading(JsonValue value, boolean whiteSpace) {}

    /**
     * Reads the whole text as one JSON value.
     *
     * @throws JsonFault if it is not one; the message says what stands where
     */
    public static Reading read(String text) throws JsonFault {
        StrictJson reader = new StrictJson(text);
        reader.skipWhiteSpace();
        JsonValue value = reader.value(0);
        reader.skipWhiteSpace();
        if (reader.at < text.length()) {
            throw reader.fault("something stands after the value: " + reader.seen());
        }
        return new Reading(value, reader.whiteSpace);
    }

    private JsonValue value(int depth) throws JsonFault {
        if (depth > MAX_DEPTH) {
            throw fault("nested over " + MAX_DEPTH + " levels");
        }
        char first = peek("a value");
        return switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> {
                if (first == '-' || isDigit(first)) {
                    yield number();
                }
                throw fault("a value should stand here, not " + seen());
            }
        };
    }

    private JsonObject object(int depth) throws JsonFault {
        at++;
        List<Member> members = new ArrayList<>();
        skipWhiteSpace();
        if (peek("a name or }") == '}') {
            at++;
            return new JsonObject(members);
        }
        while (true) {
            skipWhiteSpace();
            if (peek("a name") != '"') {
                throw fault("a name in quotes should stand here, not " + seen());
            }
            String name = string().value();
            skipWhiteSpace();
            expect(':');
            skipWhiteSpace();
            members.add(new Member(name, value(depth + 1)));
            skipWhiteSpace();
            if (peek(", or }") == '}') {
                at++;
                return new JsonObject(members);
            }
            expect(',');
        }
    }

    private JsonArray array(int depth) throws JsonFault {
        at++;
        List<JsonValue> items = new ArrayList<>();
        skipWhiteSpace();
        if (peek("a value or ]") == ']') {
            at++;
            return new JsonArray(items);
        }
        while (true) {
            skipWhiteSpace();
            items.add(value(depth + 1));
            skipWhiteSpace();
            if (peek(", or ]") == ']') {
                at++;
                return new JsonArray(items);
            }
            expect(',');
        }
    }

    private JsonString string() throws JsonFault {
        at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = peek("the rest of a string");
            at++;
            if (c == '"') {
                String value = out.toString();
                return new JsonString(value, hasLoneSurrogate(value));
            }
            if (c < 0x20) {
                at--;
                throw fault("a raw control character stands in a string: " + seen());
            }
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws JsonFault {
        char c = peek("an escape");
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(peek("four hex digits"), 16);
                    if (digit < 0 || text.charAt(at) > 'f') {
                        throw fault("a hex digit should stand here, not " + seen());
                    }
                    code = code * 16 + digit;
                    at++;
                }
                yield (char) code;
            }
            default -> {
                at--;
                throw fault("no such escape: \\" + c);
            }
        };
    }

    private JsonNumber number() throws JsonFault {
        int from = at;
        if (text.charAt(at) == '-') {
            at++;
        }
        if (peek("a digit") == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            char sign = peek("an exponent");
            if (sign == '+' || sign == '-') {
                at++;
            }
            digits();
        }
        return new JsonNumber(text.substring(from, at));
    }

    private void digits() throws JsonFault {
        if (!isDigit(peek("a digit"))) {
            throw fault("a digit should stand here, not " + seen());
        }
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private JsonWord word(String word) throws JsonFault {
        for (int i = 0; i < word.length(); i++) {
            if (peek(word) != word.charAt(i)) {
                throw fault("true, false or null should stand here, not " + seen());
            }
            at++;
        }
        return new JsonWord(word);
    }

    private void skipWhiteSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            whiteSpace = true;
            at++;
        }
    }

    private void expect(char c) throws JsonFault {
        if (peek("'" + c + "'") != c) {
            throw fault("'" + c + "' should stand here, not " + seen());
        }
        at++;
    }

    private char peek(String wanted) throws JsonFault {
        if (at >= text.length()) {
            throw new JsonFault("it ends at character " + at + ", where " + wanted + " should stand", true);
        }
        return text.charAt(at);
    }

    private String seen() {
        char c = text.charAt(at);
        return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    private JsonFault fault(String message) {
        return new JsonFault("at character " + at + ": " + message, false);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean hasLoneSurrogate(String value) {
        return value.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff);
    }
}
