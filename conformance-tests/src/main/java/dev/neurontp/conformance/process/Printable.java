package dev.neurontp.conformance.process;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Bytes as a person can read them on one line. */
public final class Printable {

    private static final int EDGE = 120;
    /** On one letter: any script needs fewer, and a stack of them is drawn over the lines around it. */
    private static final int MOST_MARKS = 8;

    private static final String EMPTY_LINE = "(an empty line)";
    private static final String BLANK_LINE = "(a blank line of the bytes ";
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private Printable() {}

    /**
     * What goes over the wire: the bytes as text where they are UTF-8, long ones cut in the middle. All that is not ASCII is
     * spelled out, since a Cyrillic letter can look just like a Latin one.
     */
    public static String bytes(byte[] bytes) {
        return cut(bytes, c -> c >= 0x80 || isUnseen(c));
    }

    /** The same of what is written for people, where only what cannot be seen is spelled out. */
    public static String words(byte[] bytes) {
        return cut(bytes, Printable::isUnseen);
    }

    private static String cut(byte[] bytes, IntPredicate spelled) {
        if (bytes.length <= 3 * EDGE) {
            return text(bytes, 0, bytes.length, spelled);
        }
        int head = boundary(bytes, EDGE);
        int tail = boundary(bytes, bytes.length - EDGE / 2);
        return text(bytes, 0, head, spelled) + " …(" + bytes.length + " bytes in all)… "
                + text(bytes, tail, bytes.length, spelled);
    }

    /** Text that came from a worker in any way, and is to be shown: bounded, without what cannot be seen. */
    public static String text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Text of several lines in which a worker's words may stand: what cannot be seen is spelled out, line ends are kept. */
    public static String lines(String text) {
        return text.lines().map(line -> visible(line, Printable::isUnseen)).collect(Collectors.joining("\n"));
    }

    /** One line that was sent: like {@link #bytes}, and a line that cannot be seen is said in words. */
    public static String line(byte[] bytes) {
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return bytes(bytes);
            }
        }
        return bytes.length == 0 ? EMPTY_LINE : BLANK_LINE + HEX.formatHex(bytes) + ")";
    }

    /** Whether {@link #line} has said this of a line that cannot be seen. */
    public static boolean isBlankLine(String shown) {
        return shown.equals(EMPTY_LINE) || shown.startsWith(BLANK_LINE);
    }

    private static int boundary(byte[] bytes, int at) {
        int i = at;
        while (i > 0 && i > at - 4 && (bytes[i] & 0xc0) == 0x80) {
            i--;
        }
        return i;
    }

    private static String text(byte[] bytes, int from, int to, IntPredicate spelled) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
            return visible(text, spelled);
        } catch (CharacterCodingException e) {
            StringBuilder out = new StringBuilder();
            for (int i = from; i < to; i++) {
                int b = bytes[i] & 0xff;
                out.append(b >= 0x20 && b < 0x7f ? String.valueOf((char) b) : String.format("\\x%02x", b));
            }
            return out.append(" (not UTF-8: \\x.. are raw bytes)").toString();
        }
    }

    private static String visible(String text, IntPredicate spelled) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int marks = 0;
        for (int c : text.codePoints().toArray()) {
            marks = isMark(c) ? marks + 1 : 0;
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (spelled.test(c) || marks > MOST_MARKS) {
                        out.append(String.format("<U+%04X>", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        }
        return out.toString();
    }

    /** One that takes no place of its own. */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    /** Control characters, blanks that look like nothing, lone surrogates. */
    public static boolean isUnseen(int c) {
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
