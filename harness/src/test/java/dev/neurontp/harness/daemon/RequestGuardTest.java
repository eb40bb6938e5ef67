package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Who may in, and what a request must look like. */
class RequestGuardTest {
    @TempDir
    static Path folder;

    static TestDaemon daemon;

    @BeforeAll
    static void start() throws Exception {
        daemon = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.HTTP_HOSTS, List.of("node-1.example"))
                        .with(DaemonSettings.HTTP_ORIGINS, List.of("https://board.example"))
                        .with(DaemonSettings.IDLE, Duration.ofSeconds(2)));
        // The first request of a JVM takes longest: on a busy host longer than that.
        daemon.raw("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @AfterAll
    static void stop() throws Exception {
        daemon.close();
    }

    private static String raw(String head, String more) throws IOException {
        return daemon.raw((head + "\r\nConnection: close\r\n" + more + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%00 HTTP/1.1\r\nHost: localhost\r\nAUTHORIZED\r\n",
                "GET /pools/%zz HTTP/1.1\r\nHost: localhost\r\nAUTHORIZED\r\n",
                "GET /livez HTTP/9\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: localhost\r\nX: LONG\r\n\r\n",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{",
                "POST /nosuch HTTP/1.1\r\nHost: localhost\r\nAUTHORIZEDContent-Length: 500\r\n\r\n{",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nAUTHORIZEDContent-Length: 500\r\n\r\n{",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nAUTHORIZEDContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n{",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nAUTHORIZEDCHUNKED20000\r\nLONG",
                "POST /pools HTTP/1.1\r\nHost: localhost\r\nAUTHORIZEDCHUNKEDzz\r\n"
            })
    void anAnswerAfterWhichTheConnectionEndsSaysSo(String request) throws IOException {
        String sent = request.replace("AUTHORIZED", authorized())
                .replace("LONG", "x".repeat(70_000))
                .replace("CHUNKED", "Content-Type: application/json\r\nTransfer-Encoding: chunked" + "\r\n".repeat(2));
        String answer = daemon.raw(sent.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(answer).matches("(?s)HTTP/1\\.1 4[0-9]{2} .*").containsIgnoringCase("\r\nConnection: close\r\n");
    }

    private static String authorized() {
        return "Authorization: Bearer " + daemon.token + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Authorization: Bearer\r\n",
                "Authorization: Bearer \r\n",
                "Authorization: Bearer 0000\r\n",
                "Authorization: Basic TOKEN\r\n",
                "Authorization: TOKEN\r\n",
                "Authorization: BearerTOKEN\r\n",
                "Authorization: Bearer TOKENx\r\n",
                "Authorization: Bearer xTOKEN\r\n",
                "Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN\r\n",
                "Authorization: Bearer TOKEN TOKEN\r\n",
                "Authorization: Bearer TOKEN,\r\n",
                "Authorization: Bearer \"TOKEN\"\r\n",
                "Authorization: Bearer UPPER\r\n",
                "Authorization: Digest TOKEN\r\n",
                "Authorization: Bearer token=TOKEN\r\n",
                "Proxy-Authorization: Bearer TOKEN\r\n",
                "X-Authorization: Bearer TOKEN\r\n",
                "Cookie: token=TOKEN\r\n"
            })
    void whoeverHasNotTheTokenIsRefused(String header) throws IOException {
        String answer = raw(
                "GET /pools HTTP/1.1\r\nHost: localhost",
                header.replace("TOKEN", daemon.token).replace("UPPER", daemon.token.toUpperCase(Locale.ROOT)));
        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .contains("WWW-Authenticate: Bearer")
                .contains("unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/livez?verbose"})
    void livenessAndReadinessWantNoToken(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost", "")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/livez/../pools",
                "/livez/",
                "/%6civez",
                "/livez;x=1",
                "/LIVEZ",
                "//livez",
                "/livez/pools",
                "/readyz/../metrics",
                "/events",
                "/metrics",
                "/nothing",
                "/dashboard/links",
                "/dashboard.js/../pools",
                "/dashboard"
            })
    void noOtherSpellingOfAnOpenPathGetsPast(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost", "")).doesNotStartWith("HTTP/1.1 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:99", "[::1]:5", "node-1.example:80"})
    void ownNamesAreTaken(String host) throws IOException {
        assertThat(raw("GET /pools HTTP/1.1\r\nHost: " + host, authorized())).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theNameOfThisHostIsTaken() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(raw("GET /pools HTTP/1.1\r\nHost: " + name + ":13131", authorized()))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.localhost",
                "xlocalhost",
                "localhost.",
                "127.0.0.2",
                "127.1",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io",
                "0x7f.0.0.1",
                "2130706433",
                "0177.0.0.1",
                "0.0.0.0",
                "10.0.0.1",
                "localhost@evil",
                "evil@localhost",
                "localhost/evil",
                "localhost evil",
                "localhost,evil.example",
                "localhost\r\nHost: evil.example",
                "[::2]",
                "[::ffff:7f00:1]",
                "[::1].evil.example",
                "localhost:1:2",
                "localhost:port"
            })
    void foreignNamesAreRefusedEvenWithTheToken(String host) throws IOException {
        String answer = raw("GET /pools HTTP/1.1\r\nHost: " + host, authorized());
        assertThat(answer).containsPattern("^HTTP/1.1 (403|400) ");
        for (String line : List.of("GET /health", "GET /metrics", "GET /discovery", "GET /", "POST /livez")) {
            assertThat(raw(line + " HTTP/1.1\r\nHost: " + host, "")).as(line).containsPattern("^HTTP/1.1 (403|400) ");
        }
    }

    /** A kubelet asks by the pod's address or by a name of the cluster, Prometheus by the name of a service. */
    @ParameterizedTest
    @ValueSource(strings = {"neuron.monitoring.svc:13131", "10.1.2.3:13131", "[fd00::7]:13131"})
    void probesAndMonitoringMayAskByAnyName(String host) throws IOException {
        String named = " HTTP/1.1\r\nHost: " + host;
        for (String path : List.of("/livez", "/readyz", "/readyz?verbose")) {
            assertThat(raw("GET " + path + named, "")).as(path).startsWith("HTTP/1.1 200 ");
        }
        for (String path : List.of("/health", "/metrics")) {
            assertThat(raw("GET " + path + named, authorized())).as(path).startsWith("HTTP/1.1 200 ");
            assertThat(raw("GET " + path + named, "")).as(path).startsWith("HTTP/1.1 403 ");
            assertThat(raw("GET " + path + named, "Origin: http://" + host + "\r\n" + authorized()))
                    .as(path)
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    /** Such a name can be a page's own, bound to our address. */
    @Test
    void readinessTellsAForeignNameNoMoreThanItsStatus() throws Exception {
        // One that was ready: a pool that never came up leaves the daemon ready.
        String pool = "/pools/" + daemon.pool("killed@1#2");
        assertThat(daemon.post(pool + "/ping").error()).isEqualTo("pool_failed");
        try {
            for (String path : List.of("/readyz", "/readyz?verbose")) {
                assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost", ""))
                        .contains("rank 1");
                assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example", ""))
                        .startsWith("HTTP/1.1 503 ")
                        .contains("not ready")
                        .doesNotContain("rank")
                        .doesNotContain(pool.substring("/pools/".length()));
            }
        } finally {
            await().until(() -> !daemon.get(pool).json().get("ended").isNull());
            daemon.delete(pool);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "NULL",
                "",
                "*",
                "http://localhost:1",
                "http://localhost",
                "https://localhost",
                "http://127.0.0.1",
                "http://[::1]",
                "file://",
                "data:",
                "chrome-extension://abc",
                "http://board.example",
                "https://board.example.evil",
                "https://board.example:444",
                "https://board.example@evil.example",
                "https://evil.example, https://board.example"
            })
    void pagesOfOtherOriginsAreRefusedEvenWithTheToken(String origin) throws IOException {
        String answer = raw("GET /pools HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin, authorized());
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("foreign_origin");
    }

    @Test
    void ownPagesAndThoseOfTheSettingsAreLetIn() throws IOException {
        for (String origin : List.of(daemon.daemon.url(), "https://board.example")) {
            assertThat(raw("GET /pools HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin, authorized()))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET /nothing HTTP/1.1 | 404 | no_such_path
            GET /pools/abc HTTP/1.1 | 404 | no_such_pool
            PUT /pools HTTP/1.1 | 405 | wrong_method
            TRACE /pools HTTP/1.1 | 405 | wrong_method
            BREW /pools/abc/ping HTTP/1.1 | 405 | wrong_method
            GET /pools/%zz HTTP/1.1 | 400 | malformed
            GET /pools%2f HTTP/1.1 | 400 | malformed
            GET /pools?x=%zz HTTP/1.1 | 400 | malformed
            GET /pools?x=1 HTTP/1.1 | 422 | wrong_shape
            POST /pools/abc/ping?wait=1 HTTP/1.1 | 422 | wrong_shape
            POST /pools/abc/ping?wait=11m HTTP/1.1 | 422 | wrong_shape
            POST /pools/abc/ping?wait=1s&wait=2s HTTP/1.1 | 422 | wrong_shape
            GET /pools HTTP/7.7 | 400 | malformed
            CONNECT /pools HTTP/1.1 | 400 | malformed
            GET /pools#x HTTP/1.1 | 400 | malformed
            """)
    void everyRefusalHasTheOneShape(String line, int status, String type) throws IOException {
        String answer = raw(line + "\r\nHost: localhost", authorized());
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsIgnoringCase("\r\nNeurontp-Api: 1\r\n");
        JsonNode body = Json.mapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(body.at("/error/type").stringValue()).isEqualTo(type);
        assertThat(body.at("/error/message").stringValue()).isNotEmpty();
        assertThat(body.get("error").has("detail")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            { | 400 | malformed
            {} {} | 400 | malformed
            {"world_size":2,"world_size":2} | 400 | malformed
            [] | 422 | wrong_shape
            "x" | 422 | wrong_shape
            {} | 422 | wrong_shape
            {"world_size":0} | 422 | wrong_shape
            {"world_size":65} | 422 | wrong_shape
            {"world_size":2.0} | 422 | wrong_shape
            {"world_size":"2"} | 422 | wrong_shape
            {"world_size":1e30} | 422 | wrong_shape
            {"world_size":99999999999999999999} | 422 | wrong_shape
            {"world_size":2,"devices":[0]} | 422 | wrong_shape
            {"world_size":2,"devices":[0,-1]} | 422 | wrong_shape
            {"world_size":2,"devices":[0,4294967296]} | 422 | wrong_shape
            {"world_size":2,"communicator":"smoke"} | 422 | wrong_shape
            {"world_size":2,"deadlines":{"ping":"soon"}} | 422 | wrong_shape
            {"world_size":2,"deadlines":{"ping":"31s"}} | 422 | wrong_shape
            {"world_size":2,"deadlines":{"pong":"1s"}} | 422 | wrong_shape
            {"world_size":2,"wordl":1} | 422 | wrong_shape
            """)
    void aBodyIsJudgedByShapeAndValue(String body, int status, String type) throws Exception {
        HttpReply answer = daemon.post("/pools", body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(type);
    }

    @Test
    void aBodyThatIsNotUtf8IsMalformed() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(("POST /pools HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + authorized()
                        + "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'});
        assertThat(daemon.raw(message.toByteArray()))
                .startsWith("HTTP/1.1 400 ")
                .contains("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=latin1",
                "application/json; charset=no-such-charset",
                "application/json; charset=",
                "application/json; charset=%",
                "multipart/form-data; boundary=x; charset=%",
                "x"
            })
    void anotherContentTypeIsRefused(String type) throws Exception {
        HttpReply answer = daemon.send(
                daemon.request("/pools").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.error()).isEqualTo("not_json");
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedWithAndWithoutALength() throws Exception {
        String body = " ".repeat(70_000);
        assertThat(daemon.post("/pools", body).status()).isEqualTo(413);
        assertThat(daemon.post("/pools/abc/ping", body).status()).isEqualTo(413);
        HttpReply chunked = daemon.send(daemon.request("/pools")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.status()).isEqualTo(413);
    }

    @Test
    void headersAndAddressesBeyondTheLimitAreRefused() throws IOException {
        assertThat(raw("GET /pools HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(9000), authorized()))
                .startsWith("HTTP/1.1 413 ")
                .contains("too_large");
        assertThat(raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: localhost", ""))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aBodyThatNeverComesIsNotWaitedForForEver() throws IOException {
        assertThat(raw(
                        "POST /pools HTTP/1.1\r\nHost: localhost",
                        authorized() + "Content-Type: application/json\r\nContent-Length: 100\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("in time");
    }

    @Test
    void headSaysWhatGetSays() throws Exception {
        HttpRequest.Builder head = daemon.request("/pools/abc").method("HEAD", HttpRequest.BodyPublishers.noBody());
        assertThat(daemon.send(head).status()).isEqualTo(404);
        assertThat(daemon.send(daemon.request("/pools").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .status())
                .isEqualTo(200);
        // Not followed it is no stream.
        for (String logs : List.of("/pools/abc/logs, 404", "/pools/abc/logs?follow=true, 405")) {
            HttpRequest.Builder ask =
                    daemon.request(logs.split(", ", 2)[0]).method("HEAD", HttpRequest.BodyPublishers.noBody());
            assertThat(daemon.send(ask).status()).as(logs).isEqualTo(Integer.parseInt(logs.split(", ", 2)[1]));
        }
    }

    @Test
    void loadingAModelIsTheClearRefusal() throws Exception {
        HttpReply refused = daemon.post("/models/load", "{\"model_id\":\"m\",\"tensor_parallel\":2}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("model_refused");
        assertThat(refused.message()).contains("'m'", "tensor_parallel 2", "stage 7b");
        assertThat(daemon.post("/models/load", "{\"model_id\":\"m\",\"harness\":\"x\"}")
                        .error())
                .isEqualTo("unknown_harness");
        assertThat(daemon.post("/models/load", "{\"model_id\":\"m\",\"devices\":[1,1],\"tensor_parallel\":2}")
                        .status())
                .isEqualTo(422);
    }
}
