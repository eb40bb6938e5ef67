package dev.neurontp.rpc;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strings that can stand on the wire: well-formed, which Java's own need not be, and of a bounded length. */
public final class WireText {
    /** The longest message that our worker sends, in bytes of UTF-8 before JSON escapes (O10s). */
    public static final int MAX_MESSAGE_BYTES = 2048;

    /** The longest short text of an extension, such as a device's name, in characters. */
    public static final int MAX_SHORT_CHARS = 200;

    private static final int MAX_QUOTED_CHARS = 64;
    private static final String CUT = "…";

    private WireText() {}

    /** Whether every surrogate in {@code text} has its other half. */
    public static boolean isWellFormed(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    static void requireWellFormed(String name, String text) {
        if (!isWellFormed(text)) {
            throw new IllegalArgumentException(name + " holds a lone surrogate, which UTF-8 cannot carry");
        }
    }

    /** The first {@value #MAX_QUOTED_CHARS} characters at most, well-formed, for an error that quotes its cause. */
    public static String quotable(String text) {
        return text.length() <= MAX_QUOTED_CHARS
                ? wellFormed(text)
                : wellFormed(text.substring(0, MAX_QUOTED_CHARS)) + CUT;
    }

    /**
     * {@code text} as an extension's short text may be: control characters and lone surrogates replaced, cut where it is
     * too long.
     */
    public static String shortened(String text) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_SHORT_CHARS); i++) {
            kept.append(Character.isISOControl(text.charAt(i)) ? '?' : text.charAt(i));
        }
        if (text.length() > MAX_SHORT_CHARS) {
            kept.setLength(MAX_SHORT_CHARS - CUT.length());
            kept.append(CUT);
        }
        return wellFormed(kept.toString());
    }

    static void requireShort(String name, String text) {
        if (!shortened(requireNonNull(text, name + " is null")).equals(text)) {
            throw new IllegalArgumentException(name + " is '" + quotable(text) + "': it must have at most "
                    + MAX_SHORT_CHARS + " characters, none of them a control character");
        }
    }

    /** {@code text} with lone surrogates replaced, cut between two characters where it is too long. */
    static String bounded(String text) {
        CharBuffer in = CharBuffer.wrap(text);
        ByteBuffer out = ByteBuffer.allocate(MAX_MESSAGE_BYTES);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(in, out, true);
        String kept = StandardCharsets.UTF_8.decode(out.flip()).toString();
        return in.hasRemaining() ? kept + CUT : kept;
    }

    private static String wellFormed(String text) {
        if (isWellFormed(text)) {
            return text;
        }
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
