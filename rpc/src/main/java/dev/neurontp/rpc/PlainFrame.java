package dev.neurontp.rpc;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads frames as our own programs write them: one object of strings and short integers, in ASCII and without escapes. All others
 * are for the library's parser, whose verdict and words count. A class that it needs ({@code BigDecimal}) takes a JVM as long to get
 * ready as half of its own start, which no worker has to wait for. For one frame and one thread.
 */
final class PlainFrame {
    /** Far more than our own frames have. A large one is for the parser, which keeps no text that nobody asks for. */
    private static final int MOST_BYTES = 4096;

    private static final int MOST_DIGITS = 18;
    private static final int MOST_FIELDS = 64;

    private final byte[] frame;
    private int at;

    private PlainFrame(byte[] frame) {
        this.frame = frame;
    }

    /**
     * A value.
     *
     * @param isNumber else it is a string
     * @param text of the string, or the digits of the number
     */
    record Value(boolean isNumber, String text) {}

    /** The fields; empty where the frame is of another kind, or a name is there twice. */
    static Optional<Map<String, Value>> read(byte[] frame) {
        return frame.length > MOST_BYTES ? Optional.empty() : Optional.ofNullable(new PlainFrame(frame).fields());
    }

    private Map<String, Value> fields() {
        Map<String, Value> fields = new LinkedHashMap<>();
        if (!take('{')) {
            return null;
        }
        boolean more = !take('}');
        while (more) {
            String name = string();
            if (name == null || !take(':')) {
                return null;
            }
            Value value = value();
            if (value == null || fields.put(name, value) != null || fields.size() > MOST_FIELDS) {
                return null;
            }
            more = take(',');
            if (!more && !take('}')) {
                return null;
            }
        }
        skipBlanks();
        return at == frame.length ? fields : null;
    }

    private Value value() {
        skipBlanks();
        if (at < frame.length && frame[at] == '"') {
            String text = string();
            return text == null ? null : new Value(false, text);
        }
        int start = at;
        while (at < frame.length && frame[at] >= '0' && frame[at] <= '9') {
            at++;
        }
        int digits = at - start;
        boolean isPlain = digits > 0 && digits <= MOST_DIGITS && (digits == 1 || frame[start] != '0');
        return isPlain ? new Value(true, text(start)) : null;
    }

    private String string() {
        if (!take('"')) {
            return null;
        }
        int start = at;
        while (at < frame.length && frame[at] != '"') {
            // Bytes beyond ASCII are negative.
            if (frame[at] < ' ' || frame[at] == '\\') {
                return null;
            }
            at++;
        }
        if (at == frame.length) {
            return null;
        }
        String text = text(start);
        at++;
        return text;
    }

    private String text(int start) {
        return new String(frame, start, at - start, StandardCharsets.US_ASCII);
    }

    /** Goes behind {@code c} where that is what comes next. */
    private boolean take(char c) {
        skipBlanks();
        if (at < frame.length && frame[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < frame.length && (frame[at] == ' ' || frame[at] == '\t' || frame[at] == '\r' || frame[at] == '\n')) {
            at++;
        }
    }
}
