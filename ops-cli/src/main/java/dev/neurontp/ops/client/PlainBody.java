package dev.neurontp.ops.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.util.Optional;

/** The body of an answer (RFC 9112, 6): of a length that its head says, in chunks, or up to the end of the connection. */
final class PlainBody extends InputStream {
    /** Of the line that begins a chunk, in bytes. */
    private static final int LONGEST_LINE = 8 * 1024;

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final long OPEN = Long.MAX_VALUE;

    private final InputStream in;
    private final boolean chunked;
    /** Of the body, or of the chunk. */
    private long left;

    private boolean first = true;
    private boolean over;

    private PlainBody(InputStream in, boolean chunked, long left) {
        this.in = in;
        this.chunked = chunked;
        this.left = left;
    }

    static PlainBody of(Http.Head head, InputStream in) throws ProtocolException {
        if (head.status() == NO_CONTENT || head.status() == NOT_MODIFIED) {
            return new PlainBody(in, false, 0);
        }
        Optional<String> coding = head.first("Transfer-Encoding");
        if (coding.isPresent()) {
            if (!coding.get().equalsIgnoreCase("chunked")) {
                throw new ProtocolException("its answer comes in a coding that nobody asked for");
            }
            return new PlainBody(in, true, 0);
        }
        Optional<String> length = head.first("Content-Length");
        return new PlainBody(in, false, length.isPresent() ? number(length.get(), 10) : OPEN);
    }

    private static long number(String digits, int radix) throws ProtocolException {
        boolean isNumber = !digits.isEmpty() && digits.length() <= 15;
        for (int i = 0; i < digits.length(); i++) {
            isNumber &= Character.digit(digits.charAt(i), radix) >= 0;
        }
        if (!isNumber) {
            throw new ProtocolException("the length of its answer is no number");
        }
        return Long.parseLong(digits, radix);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (chunked && left == 0 && !over) {
            nextChunk();
        }
        if (over || left == 0) {
            return -1;
        }
        int count = in.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0 && left == OPEN) {
            over = true;
            return -1;
        }
        if (count < 0) {
            throw new EOFException("its answer ended too early");
        }
        left -= left == OPEN ? 0 : count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (!first && !line().isEmpty()) {
            throw new IOException("a part of its answer is longer than it says");
        }
        first = false;
        String line = line();
        int extension = line.indexOf(';');
        try {
            left = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
        } catch (ProtocolException e) {
            throw new IOException("a part of its answer does not say how long it is", e);
        }
        if (left == 0) {
            over = true;
        }
    }

    private String line() throws IOException {
        String line = HttpLine.read(in, LONGEST_LINE);
        if (HttpLine.isWhole(line)) {
            return HttpLine.text(line);
        }
        throw line.length() > LONGEST_LINE
                ? new IOException("a part of its answer does not say how long it is")
                : new EOFException("its answer ended too early");
    }
}
