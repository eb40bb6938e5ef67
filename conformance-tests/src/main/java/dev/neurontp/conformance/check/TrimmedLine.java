package dev.neurontp.conformance.check;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Lines that the contract does not judge: those made only of characters that some language trims. A worker in Rust skips a line
 * of U+0085, one in Java a line of U+0001, one in JavaScript a line of U+FEFF; others answer it. Lines of the contract's own
 * white space (space, tab, CR) are judged by F3.
 */
public final class TrimmedLine {

    private TrimmedLine() {}

    /** Whether this line must not be sent by a judge: whether it gets a reply is left open. */
    public static boolean isLeftOpen(byte[] line) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
            return isLeftOpen(text);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** The same of text. */
    public static boolean isLeftOpen(String line) {
        return line.codePoints().allMatch(TrimmedLine::isTrimmed)
                && !line.codePoints().allMatch(c -> c == ' ' || c == '\t' || c == '\r');
    }

    /** U+0000 to U+0020, U+007F to U+00A0, Unicode's White_Space, U+200B, U+2060 and U+FEFF. */
    private static boolean isTrimmed(int c) {
        return c <= 0x20
                || (c >= 0x7f && c <= 0xa0)
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200b)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x2060
                || c == 0x3000
                || c == 0xfeff;
    }
}
