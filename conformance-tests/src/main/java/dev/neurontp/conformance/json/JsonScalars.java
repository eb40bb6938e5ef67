package dev.neurontp.conformance.json;

import dev.neurontp.conformance.json.JsonValue.JsonNumber;
import dev.neurontp.conformance.json.JsonValue.JsonString;
import dev.neurontp.conformance.json.JsonValue.JsonWord;

/** Reads the values of JSON that hold no others: strings, numbers and the three words. */
final class JsonScalars {

    private final JsonCursor cursor;

    JsonScalars(JsonCursor cursor) {
        this.cursor = cursor;
    }

    JsonString string() throws JsonFault {
        cursor.step();
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = cursor.peek("the rest of a string");
            if (c == '"') {
                cursor.step();
                String value = out.toString();
                return new JsonString(value, hasLoneSurrogate(value));
            }
            if (c < 0x20) {
                throw cursor.fault("a raw control character stands in a string: " + cursor.seen());
            }
            cursor.step();
            out.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws JsonFault {
        char c = cursor.peek("an escape");
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain < 0 && c != 'u') {
            throw cursor.fault("no such escape: \\" + c);
        }
        cursor.step();
        return c == 'u' ? fourHexDigits() : "\"\\/\b\f\n\r\t".charAt(plain);
    }

    private char fourHexDigits() throws JsonFault {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c = cursor.peek("four hex digits");
            int digit = Character.digit(c, 16);
            // Character.digit knows the digits of other scripts too.
            if (digit < 0 || c > 'f') {
                throw cursor.fault("a hex digit should stand here, not " + cursor.seen());
            }
            code = code * 16 + digit;
            cursor.step();
        }
        return (char) code;
    }

    JsonNumber number() throws JsonFault {
        int from = cursor.place();
        if (cursor.isAt('-')) {
            cursor.step();
        }
        if (cursor.peek("a digit") == '0') {
            cursor.step();
        } else {
            digits();
        }
        if (cursor.isAt('.')) {
            cursor.step();
            digits();
        }
        if (cursor.isAt('e') || cursor.isAt('E')) {
            cursor.step();
            char sign = cursor.peek("an exponent");
            if (sign == '+' || sign == '-') {
                cursor.step();
            }
            digits();
        }
        return new JsonNumber(cursor.since(from));
    }

    private void digits() throws JsonFault {
        cursor.peek("a digit");
        if (!cursor.isAtDigit()) {
            throw cursor.fault("a digit should stand here, not " + cursor.seen());
        }
        while (cursor.isAtDigit()) {
            cursor.step();
        }
    }

    JsonWord word(String word) throws JsonFault {
        for (int i = 0; i < word.length(); i++) {
            if (cursor.peek(word) != word.charAt(i)) {
                throw cursor.fault("true, false or null should stand here, not " + cursor.seen());
            }
            cursor.step();
        }
        return new JsonWord(word);
    }

    private static boolean hasLoneSurrogate(String value) {
        int c;
        for (int i = 0; i < value.length(); i += Character.charCount(c)) {
            c = value.codePointAt(i);
            if (c >= 0xd800 && c <= 0xdfff) {
                return true;
            }
        }
        return false;
    }
}
