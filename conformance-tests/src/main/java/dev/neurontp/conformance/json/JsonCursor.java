package dev.neurontp.conformance.json;

/** A place in a text that is being read, with words for what stands there. */
final class JsonCursor {

    private final String text;
    private int at;
    private boolean whiteSpace;

    JsonCursor(String text) {
        this.text = text;
    }

    /** Whether white space was skipped anywhere so far. */
    boolean sawWhiteSpace() {
        return whiteSpace;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** Whether this character stands here. */
    boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    boolean isAtDigit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    int place() {
        return at;
    }

    String since(int place) {
        return text.substring(place, at);
    }

    void step() {
        at++;
    }

    void skipWhiteSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            whiteSpace = true;
            at++;
        }
    }

    void expect(char c) throws JsonFault {
        if (peek("'" + c + "'") != c) {
            throw fault("'" + c + "' should stand here, not " + seen());
        }
        at++;
    }

    /** The character here; a text that ends here is a fault of its own kind. */
    char peek(String wanted) throws JsonFault {
        if (at >= text.length()) {
            throw new JsonFault("it ends at character " + at + ", where " + wanted + " should stand", at, true);
        }
        return text.charAt(at);
    }

    String seen() {
        char c = text.charAt(at);
        return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    JsonFault fault(String message) {
        return new JsonFault("at character " + at + ": " + message, at, false);
    }
}
