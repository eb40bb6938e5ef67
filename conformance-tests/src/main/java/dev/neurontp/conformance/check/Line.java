package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Printable;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** One line to send, without its LF, and what must come back. Immutable: the bytes are not handed out for writing. */
public final class Line {

    private final Supplier<byte[]> bytes;
    private final int length;
    private final Expect expect;

    private Line(Supplier<byte[]> bytes, int length, Expect expect) {
        this.bytes = bytes;
        this.length = length;
        this.expect = expect;
    }

    /** A line of text. */
    public static Line of(String text, Expect expect) {
        return of(text.getBytes(StandardCharsets.UTF_8), expect);
    }

    /**
     * A line of bytes, which may be no text at all but must hold no LF.
     *
     * @throws IllegalArgumentException if the contract leaves open whether such a line gets a reply
     */
    public static Line of(byte[] bytes, Expect expect) {
        byte[] own = bytes.clone();
        if (TrimmedLine.isLeftOpen(own)) {
            throw new IllegalArgumentException("a judge never sends a line made only of characters that some language"
                    + " trims: " + Printable.line(own));
        }
        return new Line(() -> own, own.length, expect);
    }

    /**
     * A long line, made only when it is wanted.
     *
     * @param head what it begins with, in ASCII
     * @param with what stands between head and tail as often as there is room for it whole, in ASCII; then come blanks
     * @param length how many bytes there are in all
     * @param tail what it ends with, in ASCII
     */
    public static Line filled(String head, String with, int length, String tail, Expect expect) {
        return new Line(() -> fill(head, with, length, tail), length, expect);
    }

    private static byte[] fill(String head, String with, int length, String tail) {
        int times = (length - head.length() - tail.length()) / with.length();
        int blanks = length - head.length() - tail.length() - times * with.length();
        return (head + with.repeat(times) + " ".repeat(blanks) + tail).getBytes(StandardCharsets.US_ASCII);
    }

    byte[] bytes() {
        return bytes.get();
    }

    int length() {
        return length;
    }

    Expect expect() {
        return expect;
    }
}
