package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What answers may be anything: each answer is named, in words, with what to check, inside a bound of time and of size. */
@Timeout(120)
class NotADaemonTest {
    private static final String NASTY = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\n]]";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool("k3vd7q2m");

    /** What is sent to whoever asks. */
    @FunctionalInterface
    private interface Script {
        void to(OutputStream out) throws IOException, InterruptedException;
    }

    private static Script bytes(String text) {
        return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String ok(String headers, String body) {
        return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** Asks a server that sends what the script says, whatever it is asked. */
    private CommandResult ask(Script script, String... arguments) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server, script));
            String[] all = Stream.concat(
                            Stream.of(arguments),
                            Stream.of(
                                    "--host",
                                    "http://127.0.0.1:" + server.getLocalPort(),
                                    "--token-file",
                                    daemon.tokenFile().toString()))
                    .toArray(String[]::new);
            return CommandResult.tpctl(all);
        }
    }

    private static void serve(ServerSocket server, Script script) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket, script));
            } catch (IOException _) {
                return; // the test is over
            }
        }
    }

    private static void answer(Socket socket, Script script) {
        try (socket) {
            byte[] head = new byte[64 * 1024];
            assertThat(socket.getInputStream().read(head)).isPositive();
            script.to(socket.getOutputStream());
            socket.getOutputStream().flush();
        } catch (IOException _) {
            return; // it has hung up
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static List<Arguments> answers() {
        String json = "Content-Type: application/json\r\n";
        return List.of(
                Arguments.of(
                        "HTTP/1.1 302 Found\r\nLocation: http://x/\u009b]0;\r\nContent-Length: 0\r\n\r\n",
                        "it leads elsewhere, to 'http://x/"),
                Arguments.of("HTTP/1.1 204 No Content\r\n\r\n", "it is empty"),
                Arguments.of(ok("", ""), "it is empty"),
                Arguments.of(ok("Content-Type: text/html\r\n", "<html>\u001b[2J</html>"), "it is 'text/html'"),
                Arguments.of(ok(json + "Content-Encoding: gzip\r\n", "\u001f\u008b\u0008"), "encoded as 'gzip'"),
                Arguments.of(ok(json, "{\"pools\":["), "it is not JSON"),
                Arguments.of(ok(json, "null"), "it is no JSON object"),
                Arguments.of(ok(json, "[]"), "it is no JSON object"),
                Arguments.of(ok(json, "{\"status\":\"up\"}"), "it lists no pools"),
                Arguments.of(ok(json, "{\"pools\":[null]}"), "it is no Listing"),
                Arguments.of(
                        ok(json, "{\"pools\":[{\"pids\":\"\u009b\"}]}"),
                        "it is no Listing: .pools[0].pids is not as the interface says"),
                Arguments.of(ok(json, "[".repeat(100_000)), "it is not JSON"),
                Arguments.of(ok(json, "{\"pools\":[" + "1,".repeat(3_000_000) + "1]}"), "it is not JSON"),
                Arguments.of(
                        "HTTP/1.1 500 No\r\n" + json + "Content-Length: 2\r\n\r\n{}", "without the error envelope"),
                Arguments.of("HTTP/1.1 2\u001b[2J OK\r\n\r\n", "does not speak HTTP"),
                Arguments.of("SSH-2.0-OpenSSH\u001b[2J\r\n\r\n", "does not speak HTTP"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\n" + json + "Transfer-Encoding: chunked\r\n\r\nz\u001b[2J\r\n",
                        "broke the connection: "),
                Arguments.of("HTTP/1.1 200 OK\r\n" + json + "Content-Length: 99\r\n\r\n{", "broke the connection: "),
                Arguments.of("HTTP/1.1 101 Switching\r\n\r\n", "http://127.0.0.1"),
                Arguments.of("HTTP/1.1 103 Early\r\n\r\n".repeat(50), "http://127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void eachAnswerIsNamedWithWhatToCheck(String answer, String words) throws Exception {
        CommandResult ran = ask(bytes(answer), "ls", "--timeout", "20s");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err())
                .contains(words)
                .doesNotContain("Exception", "null", "because")
                .doesNotContainPattern(NASTY)
                .hasLineCount(2);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void anAnswerWithoutEndIsRefusedAtItsBound() throws Exception {
        CommandResult ran = ask(
                out -> {
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                    byte[] blank = " ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 1000; i++) {
                        out.write(blank);
                    }
                },
                "ls",
                "--timeout",
                "60s");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("has more than 33554432 bytes, the most that is taken");
    }

    @Test
    void theWholeAnswerHasTheTimeThatWasGiven() throws Exception {
        for (String head : List.of("Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\nff\r\n{")) {
            CommandResult ran = ask(
                    out -> {
                        bytes("HTTP/1.1 200 OK\r\n" + head).to(out);
                        trickle(out);
                    },
                    "ls",
                    "--timeout",
                    "700ms");
            assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(ran.err()).contains("did not answer within 700.0 ms");
        }
    }

    @Test
    void eventsThatAreNotFollowedHaveTheTimeThatWasGiven() throws Exception {
        CommandResult ran = ask(
                out -> {
                    bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
                            .to(out);
                    trickle(out);
                },
                "events",
                "--timeout",
                "700ms");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err()).contains("did not end its answer within 700.0 ms of reading");
    }

    @Test
    void anEventWithoutEndIsRefusedAtItsBound() throws Exception {
        CommandResult ran = ask(
                out -> {
                    bytes("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ")
                            .to(out);
                    for (int i = 0; i < 1000; i++) {
                        out.write("x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII));
                    }
                },
                "events",
                "-f",
                "--timeout",
                "20s");
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.err()).contains("an event of more than 1048576 characters");
    }

    /** A byte now and then, until whoever asked has hung up. */
    private static void trickle(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write(' ');
            out.flush();
            Thread.sleep(100);
        }
    }
}
