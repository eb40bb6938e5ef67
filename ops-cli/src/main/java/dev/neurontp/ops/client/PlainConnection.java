package dev.neurontp.ops.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** A connection for one request of {@link PlainHttp}. One thread asks and reads; any thread may close it, which ends that. */
final class PlainConnection implements AutoCloseable {
    private static final int HTTP_PORT = 80;

    private final Set<PlainConnection> open;
    private final Socket socket = new Socket(Proxy.NO_PROXY);
    private TimedInput in;
    private InputStream body;

    /** One that stands in {@code open} until it is closed. */
    PlainConnection(Set<PlainConnection> open) {
        this.open = open;
        open.add(this);
    }

    /** Connects, sends the request and reads the head of the answer; all of the answer has the time of the call from then on. */
    Http.Head ask(Http.Call call, Duration connect) throws IOException {
        connect(call.target(), call.timeout(), connect);
        in = new TimedInput(socket, call.timeout());
        socket.getOutputStream().write(request(call));
        Http.Head head = PlainHead.read(in);
        body = PlainBody.of(head, in);
        return head;
    }

    private void connect(URI target, Duration timeout, Duration connect) throws IOException {
        InetSocketAddress host =
                new InetSocketAddress(target.getHost(), target.getPort() < 0 ? HTTP_PORT : target.getPort());
        boolean isShort = timeout.compareTo(connect) < 0;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(host, (int) Math.max(1, (isShort ? timeout : connect).toMillis()));
        } catch (SocketTimeoutException e) {
            throw isShort ? e : (IOException) new HttpConnectTimeoutException(e.getMessage()).initCause(e);
        } catch (IOException e) {
            throw (IOException) new ConnectException(e.getMessage()).initCause(e);
        }
    }

    private static byte[] request(Http.Call call) {
        URI target = call.target();
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        StringBuilder head = new StringBuilder(call.method());
        head.append(' ').append(target.getRawPath()).append(query).append(" HTTP/1.1\r\nHost: ");
        head.append(target.getRawAuthority());
        // It is not said that the connection is closed after that: an answer would end with it, and nobody could tell
        // whether it is whole.
        head.append("\r\n");
        call.fields()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        String body = call.body() == null ? "" : call.body();
        if (!call.method().equals("GET")) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return head.append("\r\n").append(body).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The body of the answer, within the time of the call. */
    InputStream body() {
        return body;
    }

    /** The body without a bound in time. To close it closes the connection. */
    InputStream stream() {
        in.waitForEver();
        return new FilterInputStream(body) {
            @Override
            public void close() {
                PlainConnection.this.close();
            }
        };
    }

    @Override
    public void close() {
        end();
    }

    /** The same, for whoever does not own it. */
    void end() {
        open.remove(this);
        try {
            socket.close();
        } catch (IOException _) {
            return; // it is of no use any more either way
        }
    }
}
