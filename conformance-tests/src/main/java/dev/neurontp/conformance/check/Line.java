package dev.neurontp.conformance.check;

import java.nio.charset.StandardCharsets;

/** One line to send, without its LF, and what must come back. Immutable: the bytes are not handed out for writing. */
public final class Line {

    private final byte[] bytes;
    private final Expect expect;

    private Line(byte[] bytes, Expect expect) {
        this.bytes = bytes;
        this.expect = expect;
    }

    /** A line of text. */
    public static Line of(String text, Expect expect) {
        return new Line(text.getBytes(StandardCharsets.UTF_8), expect);
    }

    /** A line of bytes, which may be no text at all but must hold no LF. */
    public static Line of(byte[] bytes, Expect expect) {
        return new Line(bytes.clone(), expect);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return bytes.length;
    }

    Expect expect() {
        return expect;
    }
}
