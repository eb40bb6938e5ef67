package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end two readers would see in different places: one answer, and nothing that follows is read as a request. */
@Timeout(60)
class RequestFramingTest {
    private static final String NEXT = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    static Path folder;

    @AutoClose
    private static TestDaemon daemon;

    @BeforeAll
    static void start() throws Exception {
        daemon = TestDaemon.start(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 5\r\nContent-Length: 50",
                "Content-Length: 5, 50",
                "Content-Length: +5",
                "Content-Length: -5",
                "Content-Length: 0x5",
                "Content-Length: 99999999999999999999",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\u000b: chunked",
                " Transfer-Encoding: chunked",
                "X: a\r\n Transfer-Encoding: chunked",
                "Content-Length: 5;",
                "Content-Length: 5 5",
                "Content-Length: 5\r\nContent-Length: 5, 5",
                "Content-Length: 1e1",
                "Content-Length: \u0663",
                "Content-Length : 5",
                "Content-Length\t: 5",
                "Content-Length",
                ": 5",
                "Content\u0000-Length: 5",
                "Content-Length: 5\u0000",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip",
                "Content-Length: 5.0",
                "Content-Length: 5\u00a0",
                "Content-Length: 18446744073709551621",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding\u0000: chunked",
                "Transfer\u017fEncoding: chunked"
            })
    void theRestOfTheConnectionIsNotRead(String header) throws IOException {
        String message = "POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + header
                + "\r\n\r\n0\r\n\r\n" + NEXT;
        String answer = daemon.raw(message.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer).startsWith("HTTP/1.1 4").containsOnlyOnce("HTTP/1.1 ");
    }
}
