package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A daemon that refuses a request before it has read all of it goes on reading for a moment: a connection that is closed with
 * bytes unread is reset, and the client never sees the answer (RFC 9112, 9.6).
 */
@Timeout(120)
class EarlyAnswerTest {
    private static final int MUCH = 6 << 20;

    @TempDir
    static Path folder;

    @AutoClose
    private static TestDaemon daemon;

    @BeforeAll
    static void start() throws Exception {
        daemon = TestDaemon.start(folder);
    }

    private static Socket connect() throws IOException {
        URI url = URI.create(daemon.daemon.url());
        Socket socket = new Socket(url.getHost(), url.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String head(String request, String headers) {
        return request + " HTTP/1.1\r\n"
                + headers.replace("TOKEN", daemon.token).replace("; ", "\r\n")
                + (headers.startsWith("X: ") ? "" : "\r\n\r\n");
    }

    /** A client that writes all it has before it reads: most do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    413 | POST /pools               | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Content-Length: 6291456
                    413 | PUT /pools/x              | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Content-Length: 6291456
                    413 | POST /models/load         | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Content-Length: 6291456
                    413 | POST /dashboard/sessions  | Content-Type: application/json; Host: localhost; Content-Length: 6291456
                    413 | POST /pools               | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Transfer-Encoding: chunked
                    413 | POST /dashboard/sessions  | Content-Type: application/json; Host: localhost; Transfer-Encoding: chunked
                    401 | POST /pools               | Content-Type: application/json; Host: localhost; Content-Length: 6291456
                    401 | POST /pools               | Content-Type: application/json; Host: localhost; Transfer-Encoding: chunked
                    403 | POST /pools               | Content-Type: application/json; Host: evil.example; Content-Length: 6291456
                    403 | POST /pools               | Content-Type: application/json; Host: localhost; Origin: http://evil.example; Content-Length: 6291456
                    404 | POST /nosuch              | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Transfer-Encoding: chunked
                    405 | PATCH /pools              | Content-Type: application/json; Host: localhost; Authorization: Bearer TOKEN; Transfer-Encoding: chunked
                    415 | POST /pools               | Host: localhost; Authorization: Bearer TOKEN; Content-Type: x; Transfer-Encoding: chunked
                    400 | POST /pools               | Content-Type: application/json; Host: localhost; Content-Length: 5; Content-Length: 50
                    400 | POST /pools               | Content-Type: application/json; Host: localhost; Content-Length: x
                    400 | POST /pools               | Content-Type: application/json; Host: localhost; Expect: x; Content-Length: 6291456
                    413 | POST /pools               | X: a
                    """)
    void whoWritesAllFirstSeesTheAnswer(int status, String request, String headers) throws IOException {
        byte[] body = new byte[MUCH];
        Arrays.fill(body, (byte) 'a');
        boolean chunked = headers.contains("chunked");
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head(request, headers).getBytes(StandardCharsets.ISO_8859_1));
            out.write((chunked ? Integer.toHexString(MUCH) + "\r\n" : "").getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.write((chunked ? "\r\n0\r\n\r\n" : "").getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .containsOnlyOnce("HTTP/1.1 ")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("}}");
        }
    }

    @Test
    void aClientOfTheJdkSeesIt() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = client.send(
                        daemon.request("/pools")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(new byte[MUCH]))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(413);
            }
        }
    }

    /** Whoever goes on for ever is cut off. */
    @Test
    void itDoesNotReadOnWithoutEnd() throws Exception {
        byte[] some = new byte[1 << 20];
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST /pools", "Host: localhost; Content-Length: 99999999999")
                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThatThrownBy(() -> {
                        for (int mebibytes = 0; mebibytes < 10_000; mebibytes++) {
                            out.write(some);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    /** Whoever sends no more and does not hang up is hung up on, and not only when the time without a byte is over. */
    @Test
    void itDoesNotWaitForAClientThatStandsStill() throws Exception {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("POST /pools", "Host: localhost; Content-Length: 99999999999")
                    .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 401 ");
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
