package dev.neurontp.ops.client;

import java.io.IOException;
import java.io.InputStream;

/** A line of an answer's head, or one between its chunks (RFC 9112, 2.2 and 7.1). */
final class HttpLine {
    private HttpLine() {}

    /**
     * What comes up to a line feed, and with it. Without one where the stream ended, or where there are more than {@code most} characters
     * before it: then one more than that.
     */
    static String read(InputStream in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.append((char) c);
            if (c == '\n' || line.length() > most) {
                break;
            }
        }
        return line.toString();
    }

    static boolean isWhole(String line) {
        return line.endsWith("\n");
    }

    /** A whole line without its end. */
    static String text(String line) {
        return line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1));
    }
}
