package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tools.jackson.databind.JsonNode;

/** Ten thousand generated requests, from nearly right to no HTTP at all: each is answered, in the one shape, and never 500. */
@Tag("long")
class HttpProperties {
    private static final Set<Integer> STATUSES =
            Set.of(200, 201, 202, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 5;
    private static final String HEAD_END = "\r\n\r\n";

    private static Path folder;
    private static TestDaemon daemon;
    private static String pool;

    @BeforeContainer
    static void start() throws Exception {
        folder = Files.createTempDirectory("http");
        daemon = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.POOLS, 2)
                        .with(DaemonSettings.WORLD_SIZE, 2)
                        .with(DaemonSettings.COMMANDS, List.of(TestDaemon.command("none")))
                        .with(DaemonSettings.IDLE, IDLE));
        // Two bodies may be late with so short a patience: the first requests are slow.
        await().until(() -> daemon.post("/pools?wait=20s", "{\"world_size\":2}").status() == 201);
        pool = daemon.get("/pools").json().at("/pools/0/id").stringValue();
    }

    @AfterContainer
    static void nothingIsLost() throws Exception {
        assertThat(daemon.post("/pools/" + pool + "/ping").status()).isEqualTo(200);
        daemon.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    @Property(tries = 10_500, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void everyRequestIsAnsweredAndNoneBreaksTheDaemon(@ForAll("requests") String request) throws IOException {
        String sent = request.replace("TOKEN", daemon.token).replace("POOL", pool);
        String answer = exchange(sent);
        assertThat(answer).matches("(?s)HTTP/1\\.1 [0-9]{3} .*");
        int status = Integer.parseInt(answer.substring(9, 12));
        assertThat(status).isIn(STATUSES);
        assertThat(answer).doesNotContain("Exception", "\tat ", daemon.token);
        String body = answer.substring(answer.indexOf(HEAD_END) + HEAD_END.length());
        if (status >= 400 && !body.isEmpty() && !answer.contains("text/plain")) {
            JsonNode error = Json.mapper().readTree(body).get("error");
            assertThat(error.get("type").stringValue()).isNotEqualTo("internal");
            assertThat(ErrorType.of(error.get("type").stringValue())).isPresent();
            assertThat(error.get("message").stringValue()).isNotEmpty();
        }
    }

    @Property(tries = 1_500, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
    void nothingThatAFieldHoldsIsADefectOfTheDaemon(@ForAll("documents") String request) throws IOException {
        everyRequestIsAnsweredAndNoneBreaksTheDaemon(request);
    }

    /** On a busy host this client can be slower than the daemon's short patience: such a silence is tried again. */
    private static String exchange(String message) throws IOException {
        String answer = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long began = System.nanoTime();
            answer = exchangeOnce(message);
            if (!answer.isEmpty() || System.nanoTime() - began < IDLE.toNanos()) {
                return answer;
            }
        }
        return answer;
    }

    /** Sends one message and reads one answer: its head, and its body where that has a length. */
    private static String exchangeOnce(String message) throws IOException {
        URI url = URI.create(daemon.daemon.url());
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(message.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                // It answered before it had all and hung up: the answer is there to read.
                assertThat(e).isInstanceOf(SocketException.class);
            }
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf(HEAD_END) < 0) {
                int next = in.read();
                if (next < 0) {
                    return answer.toString();
                }
                answer.append((char) next);
            }
            Matcher length = Pattern.compile("(?i)content-length: ([0-9]+)").matcher(answer);
            if (length.find() && !message.startsWith("HEAD ")) {
                answer.append(new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8));
            }
            return answer.toString();
        }
    }

    @Provide
    Arbitrary<String> requests() {
        return Combinators.combine(lines(), hosts(), tokens(), headers(), bodies())
                .as((line, host, token, header, body) -> line + "\r\n" + host + token + header + body);
    }

    /** Requests that are right but for what their fields hold. */
    @Provide
    Arbitrary<String> documents() {
        Arbitrary<String> names = Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Arbitraries.of(
                                "world_size",
                                "devices",
                                "communicator",
                                "command",
                                "deadlines",
                                "model_id",
                                "harness",
                                "quant",
                                "tensor_parallel")),
                Tuple.of(1, Arbitraries.of("", "x", "\\ud800", "\\u0000", "\\u202e", "n".repeat(5000))));
        Arbitrary<String> fields =
                Combinators.combine(names, values()).as((name, value) -> "\"" + name + "\":" + value);
        Arbitrary<String> bodies = fields.list()
                .ofMaxSize(4)
                .map(list -> "{\"world_size\":2,\"model_id\":\"m\""
                        + list.stream().map(field -> "," + field).collect(Collectors.joining()) + "}");
        // Each as the only wrong thing, and several at once.
        Arbitrary<String> one = fields.map(field -> field.startsWith("\"world_size") || field.startsWith("\"model_id")
                ? "{" + field + "}"
                : "{\"world_size\":2," + field + "}");
        return Combinators.combine(Arbitraries.of("/pools", "/models/load"), Arbitraries.oneOf(one, one, bodies))
                .as((path, body) -> "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer TOKEN\r\nContent-Type: application/json\r\n" + framed(body, "right"));
    }

    private static Arbitrary<String> values() {
        Arbitrary<String> durations = Arbitraries.of(
                        "999999999h", "999999999ms", "1h", "0s", "-1s", "1e9s", "99999999999999999999h", "24h", "25h")
                .map(text -> "\"" + text + "\"");
        return Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Arbitraries.of(
                                "null",
                                "true",
                                "0",
                                "-1",
                                "1.5",
                                "-0",
                                "4294967295",
                                "4294967296",
                                "9223372036854775807",
                                "9223372036854775808",
                                "1e400",
                                "-1e-400",
                                "1E+999999999",
                                "9".repeat(900),
                                "9".repeat(1100),
                                "0.".concat("9".repeat(900)),
                                "NaN",
                                "Infinity",
                                "01",
                                "0x10",
                                "{}",
                                "[]",
                                "[[]]",
                                "[null]",
                                "[\"\"]",
                                "{\"init\":null}")),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "\"\"",
                                "\" \"",
                                "\"\\ud800\"",
                                "\"\\udc00\\ud800x\"",
                                "[\"\\ud800\"]",
                                "\"\\u0000\"",
                                "\"\\u001b[2J\\u202e\\u2028\"",
                                "\"" + "x".repeat(30_000) + "\"",
                                "[\"" + "x".repeat(30_000) + "\"]",
                                "[" + "0,".repeat(20_000) + "0]",
                                "[".repeat(400) + "]".repeat(400),
                                "[".repeat(2000) + "]".repeat(2000),
                                "\"\uD83D\"")),
                Tuple.of(2, durations),
                Tuple.of(
                        3,
                        Combinators.combine(Arbitraries.of("ready", "ping", "init", "sanity", "bye", ""), durations)
                                .as((name, time) -> "{\"" + name + "\":" + time + "}")));
    }

    private static Arbitrary<String> lines() {
        Arbitrary<String> methods = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("GET", "POST", "DELETE", "HEAD")),
                Tuple.of(1, Arbitraries.of("PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "BREW", "G\0T", "")));
        Arbitrary<String> paths = Arbitraries.frequencyOf(
                Tuple.of(
                        8,
                        Arbitraries.of(
                                "/livez",
                                "/readyz",
                                "/discovery",
                                "/health",
                                "/models",
                                "/models/load",
                                "/pools",
                                "/pools/POOL",
                                "/pools/POOL/ping",
                                "/pools/POOL/logs",
                                "/pools/POOL/operations/op-1",
                                "/pools/nosuchid",
                                "/pools/nosuchid/init",
                                "/pools/nosuchid/shutdown",
                                "/metrics")),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "/",
                                "",
                                "*",
                                "//",
                                "/pools/",
                                "/pools/../livez",
                                "/%00",
                                "/pools/%2e%2e/metrics",
                                "http://evil/",
                                "/pools;x",
                                "/pools/%ff")),
                Tuple.of(2, Arbitraries.strings().ofMaxLength(20).map(text -> "/pools/" + text)),
                Tuple.of(1, Arbitraries.strings().withChars("/%.;?#ab").ofMaxLength(30)));
        Arbitrary<String> queries = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of("", "?")),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "?wait=1ms",
                                "?wait=",
                                "?wait=-1s",
                                "?wait=1s&wait=1s",
                                "?verbose",
                                "?lines=2",
                                "?since=0",
                                "?x=%zz",
                                "?%")),
                Tuple.of(1, Arbitraries.strings().ascii().ofMaxLength(20).map(text -> "?" + text)));
        Arbitrary<String> versions = Arbitraries.frequencyOf(
                Tuple.of(12, Arbitraries.just(" HTTP/1.1")),
                Tuple.of(1, Arbitraries.of(" HTTP/1.0", " HTTP/2.0", " HTTP/9", " ", " FTP/1.1")));
        return Combinators.combine(methods, paths, queries, versions)
                .as((method, path, query, version) -> method + " " + path.replace("DELETE", "") + query + version)
                // The pool must be there in the end, and a stream never ends by itself.
                .map(line -> line.startsWith("DELETE ") ? line.replace("POOL", "nosuchid") : line);
    }

    private static Arbitrary<String> hosts() {
        return Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.just("Host: localhost\r\n")),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "",
                                "Host: evil\r\n",
                                "Host: \r\n",
                                "Host: localhost\r\nHost: localhost\r\n",
                                "Host: [::1]:99999\r\n",
                                "Host: a b\r\n")));
    }

    private static Arbitrary<String> tokens() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just("Authorization: Bearer TOKEN\r\n")),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                "",
                                "Authorization: Bearer x\r\n",
                                "Authorization: Basic eA==\r\n",
                                "authorization:bearer TOKEN\r\n")),
                Tuple.of(
                        1,
                        Arbitraries.strings()
                                .ascii()
                                .ofMaxLength(40)
                                .map(text -> "Authorization: Bearer " + text + "\r\n")));
    }

    private static Arbitrary<String> headers() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just("Content-Type: application/json\r\n")),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "",
                                "Content-Type: text/plain\r\n",
                                "Content-Type: application/json; charset=%\r\n",
                                "Origin: http://evil\r\n",
                                "Origin: null\r\n",
                                "Expect: 100-continue\r\n",
                                "Expect: x\r\n",
                                "Upgrade: h2c\r\nConnection: Upgrade\r\n",
                                "X: " + "x".repeat(9000) + "\r\n")),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(40).map(text -> "X-" + text + "\r\n")));
    }

    private static Arbitrary<String> bodies() {
        Arbitrary<String> texts = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Arbitraries.of(
                                "",
                                "{}",
                                "[]",
                                "null",
                                "{",
                                "{\"world_size\":2,\"devices\":[0]}",
                                "{\"world_size\":1}",
                                "{\"model_id\":\"m\",\"tensor_parallel\":2}",
                                "{\"model_id\":\"\"}",
                                "\u00ff\u00fe")),
                Tuple.of(1, Arbitraries.of("{\"world_size\":2}", "{\"world_size\":2,\"communicator\":\"nccl\"}")),
                Tuple.of(2, Arbitraries.strings().ofMaxLength(60)),
                Tuple.of(1, Arbitraries.strings().withChars("{}[]\",:0-e").ofMaxLength(200)),
                Tuple.of(1, Arbitraries.just(" ".repeat(70_000))));
        Arbitrary<String> framings = Arbitraries.frequencyOf(
                Tuple.of(600, Arbitraries.just("right")),
                Tuple.of(9, Arbitraries.of("short", "chunked", "bad chunk", "both", "text", "none")),
                // Each costs the daemon's whole patience.
                Tuple.of(1, Arbitraries.just("long")));
        return Combinators.combine(texts, framings).as(HttpProperties::framed);
    }

    private static String framed(String body, String framing) {
        int length = body.getBytes(StandardCharsets.ISO_8859_1).length;
        return switch (framing) {
            case "long" -> "Content-Length: " + (length + 5) + HEAD_END + body;
            case "short" -> "Content-Length: " + Math.max(0, length - 1) + HEAD_END + body;
            case "chunked" ->
                "Transfer-Encoding: chunked" + HEAD_END
                        + (length == 0 ? "" : Integer.toHexString(length) + "\r\n" + body + "\r\n") + "0" + HEAD_END;
            case "bad chunk" -> "Transfer-Encoding: chunked" + HEAD_END + "zz\r\n" + body;
            case "both" -> "Transfer-Encoding: chunked\r\nContent-Length: " + length + HEAD_END + body;
            case "text" -> "Content-Length: many" + HEAD_END + body;
            case "none" -> "\r\n" + body;
            default -> "Content-Length: " + length + HEAD_END + body;
        };
    }
}
