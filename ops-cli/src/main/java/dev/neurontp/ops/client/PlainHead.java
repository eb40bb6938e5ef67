package dev.neurontp.ops.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the head of an answer (RFC 9112). */
final class PlainHead {
    /** Of all heads before the body together, in bytes: many proxies take a tenth of it. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final String VERSION = "HTTP/1.";
    private static final int SWITCHING = 101;
    private static final int FINAL = 200;
    private static final int DIGITS = 3;

    private final InputStream in;
    private int left = MOST_BYTES;

    private PlainHead(InputStream in) {
        this.in = in;
    }

    /**
     * The final head: those that only say that there is more to come are passed over.
     *
     * @throws ProtocolException when it is none
     */
    static Http.Head read(InputStream in) throws IOException {
        PlainHead reader = new PlainHead(in);
        Http.Head head = reader.head();
        while (head.status() < FINAL && head.status() != SWITCHING) {
            head = reader.head();
        }
        if (head.status() == SWITCHING) {
            throw new ProtocolException("it changes to a protocol that nobody asked for");
        }
        return head;
    }

    private Http.Head head() throws IOException {
        int status = status(line());
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("a line of its head is no field");
            }
            fields.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Http.Head(status, fields);
    }

    private static int status(String line) throws ProtocolException {
        int at = VERSION.length() + 2;
        boolean isHttp = line.startsWith(VERSION)
                && line.length() >= at + DIGITS
                && line.charAt(at - 1) == ' '
                && (line.length() == at + DIGITS || line.charAt(at + DIGITS) == ' ');
        try {
            int status = isHttp ? Integer.parseInt(line, at, at + DIGITS, 10) : 0;
            if (status >= 100) {
                return status;
            }
        } catch (NumberFormatException _) {
            throw new ProtocolException("its status is no number");
        }
        throw new ProtocolException("it does not begin as an answer does");
    }

    /** Without its end. */
    private String line() throws IOException {
        String line = HttpLine.read(in, left);
        if (HttpLine.isWhole(line)) {
            left -= line.length() - 1;
            return HttpLine.text(line);
        }
        throw line.length() > left
                ? new ProtocolException("the head of its answer has more than " + MOST_BYTES + " bytes")
                : ended(line);
    }

    /** One that waits for TLS says a few bytes that are no answer. */
    private IOException ended(String line) {
        boolean isFirst = left == MOST_BYTES;
        return isFirst && !line.startsWith(VERSION) && !VERSION.startsWith(line)
                ? new ProtocolException("it does not begin as an answer does")
                : new EOFException("it ended before its answer began");
    }
}
