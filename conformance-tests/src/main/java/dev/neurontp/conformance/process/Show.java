package dev.neurontp.conformance.process;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes as a person can read them on one line, cut to a bound. */
public final class Show {

    private static final int EDGE = 120;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private Show() {}

    /** The bytes as text where they are UTF-8, with escapes for what cannot be seen; long ones cut in the middle. */
    public static String bytes(byte[] bytes) {
        if (bytes.length <= 3 * EDGE) {
            return text(bytes, 0, bytes.length);
        }
        int head = boundary(bytes, EDGE);
        int tail = boundary(bytes, bytes.length - EDGE / 2);
        return text(bytes, 0, head) + " …(" + bytes.length + " bytes in all)… " + text(bytes, tail, bytes.length);
    }

    /** One line that was sent: like {@link #bytes}, and a line that cannot be seen is said in words. */
    public static String line(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return bytes(bytes);
            }
        }
        return bytes.length == 0 ? "(an empty line)" : "(a blank line of the bytes " + HEX.formatHex(bytes) + ")";
    }

    private static int boundary(byte[] bytes, int at) {
        int i = at;
        while (i > 0 && i > at - 4 && (bytes[i] & 0xc0) == 0x80) {
            i--;
        }
        return i;
    }

    private static String text(byte[] bytes, int from, int to) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
            return visible(text);
        } catch (CharacterCodingException e) {
            StringBuilder out = new StringBuilder();
            for (int i = from; i < to; i++) {
                int b = bytes[i] & 0xff;
                out.append(b >= 0x20 && b < 0x7f ? String.valueOf((char) b) : String.format("\\x%02x", b));
            }
            return out.append(" (not UTF-8: \\x.. are raw bytes)").toString();
        }
    }

    /** The text with control characters, blanks that look like nothing and lone surrogates spelled out. */
    public static String visible(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isUnseen(c)) {
                        out.append(String.format("<U+%04X>", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.toString();
    }

    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.SPACE_SEPARATOR -> c != ' ';
            default -> false;
        };
    }
}
