package dev.neurontp.conformance.json;

import dev.neurontp.conformance.json.JsonValue.JsonArray;
import dev.neurontp.conformance.json.JsonValue.JsonObject;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON text (RFC 8259) to its last character, taking nothing that the RFC does not. Nesting over 512
 * levels and more than 200 000 values are refused: no reply of the contract nests at all, or has ten.
 */
public final class StrictJson {

    private static final int MAX_DEPTH = 512;

    /** Of one text. A line of the longest that is read may have millions, each of many times its bytes. */
    private static final int MAX_VALUES = 200_000;

    private final JsonCursor cursor;
    private final JsonScalars scalars;
    private int values;

    private StrictJson(JsonCursor cursor) {
        this.cursor = cursor;
        this.scalars = new JsonScalars(cursor);
    }

    /**
     * A value.
     *
     * @param whiteSpace whether some stood around or between its tokens
     * @param values how many values it is made of
     */
    public record Reading(JsonValue value, boolean whiteSpace, int values) {}

    /**
     * Reads the whole text as one JSON value.
     *
     * @throws JsonFault if it is not one; the message says what stands where
     */
    public static Reading read(String text) throws JsonFault {
        JsonCursor cursor = new JsonCursor(text);
        cursor.skipWhiteSpace();
        StrictJson json = new StrictJson(cursor);
        JsonValue value = json.value(0);
        cursor.skipWhiteSpace();
        if (!cursor.isAtEnd()) {
            throw cursor.fault("something stands after the value: " + cursor.seen());
        }
        return new Reading(value, cursor.sawWhiteSpace(), json.values);
    }

    private JsonValue value(int depth) throws JsonFault {
        if (++values > MAX_VALUES) {
            throw cursor.fault("over " + MAX_VALUES + " values");
        }
        if (depth > MAX_DEPTH) {
            throw cursor.fault("nested over " + MAX_DEPTH + " levels");
        }
        char first = cursor.peek("a value");
        return switch (first) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> scalars.string();
            case 't' -> scalars.word("true");
            case 'f' -> scalars.word("false");
            case 'n' -> scalars.word("null");
            default -> {
                if (first == '-' || cursor.isAtDigit()) {
                    yield scalars.number();
                }
                throw cursor.fault("a value should stand here, not " + cursor.seen());
            }
        };
    }

    private JsonObject object(int depth) throws JsonFault {
        cursor.step();
        List<Member> members = new ArrayList<>();
        cursor.skipWhiteSpace();
        if (cursor.peek("a name or }") == '}') {
            cursor.step();
            return new JsonObject(members);
        }
        while (true) {
            cursor.skipWhiteSpace();
            if (cursor.peek("a name") != '"') {
                throw cursor.fault("a name in quotes should stand here, not " + cursor.seen());
            }
            JsonString key = scalars.string();
            cursor.skipWhiteSpace();
            cursor.expect(':');
            cursor.skipWhiteSpace();
            members.add(new Member(key, value(depth + 1)));
            cursor.skipWhiteSpace();
            if (cursor.peek(", or }") == '}') {
                cursor.step();
                return new JsonObject(members);
            }
            cursor.expect(',');
        }
    }

    private JsonArray array(int depth) throws JsonFault {
        cursor.step();
        List<JsonValue> items = new ArrayList<>();
        cursor.skipWhiteSpace();
        if (cursor.peek("a value or ]") == ']') {
            cursor.step();
            return new JsonArray(items);
        }
        while (true) {
            cursor.skipWhiteSpace();
            items.add(value(depth + 1));
            cursor.skipWhiteSpace();
            if (cursor.peek(", or ]") == ']') {
                cursor.step();
                return new JsonArray(items);
            }
            cursor.expect(',');
        }
    }
}
