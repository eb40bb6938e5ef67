package dev.neurontp.ops.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection to a daemon, for one request after the other, with so little to do on this side that what is measured is the
 * daemon. One thread.
 */
final class KeptConnection implements AutoCloseable {
    private static final int LIMIT_MILLIS = 60_000;
    private static final int MOST_BYTES = 64 * 1024;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "content-length: ";
    private static final String SUCCESS = "HTTP/1.1 2";

    private final Socket socket = new Socket(Proxy.NO_PROXY);
    private final byte[] buffer = new byte[MOST_BYTES];
    private final URI daemon;
    private final String authorization;

    /** Connects to the daemon that listens at {@code daemon}, a URL without a path. */
    KeptConnection(URI daemon, String authorization) throws IOException {
        this.daemon = daemon;
        this.authorization = authorization;
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.connect(new InetSocketAddress(daemon.getHost(), daemon.getPort()), LIMIT_MILLIS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A request as {@link #ask} sends it; with an empty body for none. */
    byte[] request(String method, String path, String body) {
        return (method + " " + path + " HTTP/1.1\r\nHost: " + daemon.getRawAuthority() + "\r\nAuthorization: "
                        + authorization + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + END_OF_HEAD + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The body of the answer.
     *
     * @throws IOException when the answer is no success, or longer than 64 KiB
     */
    String ask(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        String head = "";
        int read = 0;
        int whole = Integer.MAX_VALUE;
        while (read < whole) {
            int count = socket.getInputStream().read(buffer, read, buffer.length - read);
            if (count <= 0) {
                throw new EOFException("the daemon's answer ended after " + read + " bytes");
            }
            read += count;
            if (head.isEmpty()) {
                head = head(read);
                whole = head.isEmpty() ? Integer.MAX_VALUE : head.length() + length(head);
            }
        }
        String body = new String(buffer, head.length(), read - head.length(), StandardCharsets.UTF_8);
        if (!head.startsWith(SUCCESS)) {
            throw new IOException(
                    "the daemon answered " + head.lines().findFirst().orElse("") + ": " + body);
        }
        return body;
    }

    /** With its end; empty while it is not whole. */
    private String head(int read) {
        String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        return end < 0 ? "" : text.substring(0, end + END_OF_HEAD.length());
    }

    private static int length(String head) throws IOException {
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("the daemon's answer does not say how long it is");
        }
        int from = at + LENGTH.length();
        return Integer.parseInt(head, from, head.indexOf('\r', from), 10);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
