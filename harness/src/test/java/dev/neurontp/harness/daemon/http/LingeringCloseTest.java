package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each bound of the reading on by itself: the other one, and the server's own bound, are out of reach. */
@Timeout(120)
class LingeringCloseTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final long NO_END = Long.MAX_VALUE;

    private final Server server = new Server();

    /** A server that answers each request before its body has come. */
    private Socket connectTo(LingeringClose lingering) throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(NEVER.toMillis());
        server.addConnector(connector);
        lingering.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                response.setStatus(413);
                response.getHeaders().put("Connection", "close");
                Content.Sink.write(response, true, "too large", callback);
                return true;
            }
        });
        server.setHandler(lingering);
        server.start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void whoWritesOnIsCutOffAfterSoManyBytes() throws Exception {
        byte[] some = new byte[1 << 20];
        try (Socket socket = connectTo(new LingeringClose(4 << 20, NEVER))) {
            OutputStream out = socket.getOutputStream();
            // More than the bound and all that the system keeps on the way.
            assertThatThrownBy(() -> {
                        for (int mebibytes = 0; mebibytes < 512; mebibytes++) {
                            out.write(some);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    /** It sees the end of the answer although nothing cuts it off, and hangs up. */
    @Test
    void whoReadsToTheEndNeedNotWaitForABound() throws Exception {
        try (Socket socket = connectTo(new LingeringClose(NO_END, NEVER))) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 413 ")
                    .endsWith("too large");
        }
    }

    @Test
    void whoStandsStillIsCutOffAfterSoMuchTime() throws Exception {
        try (Socket socket = connectTo(new LingeringClose(NO_END, Duration.ofMillis(300)))) {
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 413 ");
            OutputStream out = socket.getOutputStream();
            // A connection that is closed answers the next byte with a reset.
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                try {
                    out.write('a');
                    return false;
                } catch (IOException _) {
                    return true;
                }
            });
        }
    }
}
