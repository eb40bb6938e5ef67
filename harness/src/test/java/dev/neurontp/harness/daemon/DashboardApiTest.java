package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.dashboard.Sessions;
import dev.neurontp.testing.Programs;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in by a link or a session of the dashboard, and to what. */
class DashboardApiTest {
    @TempDir
    private Path folder;

    private static String code(TestDaemon daemon) throws Exception {
        HttpReply link = daemon.post("/dashboard/links");
        assertThat(link.status()).isEqualTo(201);
        return link.json().get("path").stringValue().substring("/#code=".length());
    }

    private static HttpReply exchange(TestDaemon daemon, String field, String secret) throws Exception {
        return daemon.post("/dashboard/sessions", "{\"" + field + "\":\"" + secret + "\"}");
    }

    @Test
    void aLinkOpensOneSessionThatReadsAndChangesNothing() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            String code = code(daemon);
            HttpReply opened = exchange(daemon, "code", code);
            assertThat(opened.status()).isEqualTo(201);
            HttpReply again = exchange(daemon, "code", code);
            assertThat(again.status()).isEqualTo(401);
            assertThat(again.text())
                    .contains("run tpctl dashboard for a new one")
                    .doesNotContain(code);
            String session = opened.json().get("session").stringValue();
            assertThat(session).isNotEqualTo(daemon.token).hasSize(64);
            for (String path : new String[] {"/pools", "/pools/" + id, "/health", "/discovery", "/metrics"}) {
                assertThat(as(daemon, session, "GET", path).status()).as(path).isEqualTo(200);
            }
            for (String[] change : new String[][] {
                {"POST", "/pools"},
                {"POST", "/pools/" + id + "/ping"},
                {"DELETE", "/pools/" + id},
                {"PUT", "/pools/" + id},
                {"POST", "/dashboard/links"}
            }) {
                HttpReply refused = as(daemon, session, change[0], change[1]);
                assertThat(refused.status()).as(change[0] + change[1]).isEqualTo(403);
                assertThat(refused.error()).isEqualTo("read_only");
            }
            assertThat(daemon.state(id)).isEqualTo("ready");
        }
    }

    private static HttpReply as(TestDaemon daemon, String bearer, String method, String path) throws Exception {
        return daemon.send(daemon.request(path)
                .setHeader("Authorization", "Bearer " + bearer)
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void logOutEndsTheSessionAndItsOpenStream() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String leaves =
                    exchange(daemon, "code", code(daemon)).json().get("session").stringValue();
            String stays =
                    exchange(daemon, "code", code(daemon)).json().get("session").stringValue();
            HttpResponse<InputStream> stream = daemon.client.send(
                    daemon.request("/events")
                            .setHeader("Authorization", "Bearer " + leaves)
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            assertThat(as(daemon, leaves, "DELETE", "/dashboard/sessions").status())
                    .isEqualTo(204);
            assertThat(as(daemon, leaves, "GET", "/pools").status()).isEqualTo(401);
            assertThat(as(daemon, stays, "GET", "/pools").status()).isEqualTo(200);
            String id = daemon.pool("none");
            String read;
            try (InputStream body = stream.body()) {
                read = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            }
            assertThat(read).doesNotContain(id);
        }
    }

    @Test
    void theTokenEndsAllSessionsAndLinks() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String session =
                    exchange(daemon, "code", code(daemon)).json().get("session").stringValue();
            String code = code(daemon);
            assertThat(as(daemon, "no", "DELETE", "/dashboard/sessions").status())
                    .isEqualTo(401);
            assertThat(daemon.delete("/dashboard/sessions").status()).isEqualTo(204);
            assertThat(as(daemon, session, "GET", "/pools").status()).isEqualTo(401);
            assertThat(exchange(daemon, "code", code).status()).isEqualTo(401);
        }
    }

    /** Whoever has a session reads all that the daemon shows. */
    @Test
    void theAuditTellsWhereASessionWasOpenedAndNothingOfWhomItRefused() throws Exception {
        List<String> audit = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger("audit");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getMessage().contains(" /dashboard/sessions ")) {
                    audit.add(record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String code = code(daemon);
            assertThat(exchange(daemon, "code", "x".repeat(64)).status()).isEqualTo(401);
            assertThat(exchange(daemon, "code", code).status()).isEqualTo(201);
            assertThat(exchange(daemon, "token", daemon.token).status()).isEqualTo(201);
            await().until(() -> audit.size() == 2);
            assertThat(audit.getFirst())
                    .startsWith("POST /dashboard/sessions by dashboard link from 127.0.0.1")
                    .endsWith(": 201");
            assertThat(audit.getLast()).startsWith("POST /dashboard/sessions by token from 127.0.0.1");
            assertThat(audit.toString()).doesNotContain(code, daemon.token);
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void theTokenOpensASessionAndNothingElseDoes() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            assertThat(exchange(daemon, "token", daemon.token).status()).isEqualTo(201);
            assertThat(exchange(daemon, "token", "x".repeat(64)).status()).isEqualTo(401);
            assertThat(exchange(daemon, "code", daemon.token).status()).isEqualTo(401);
            assertThat(exchange(daemon, "token", code(daemon)).status()).isEqualTo(401);
            assertThat(as(daemon, code(daemon), "GET", "/pools").status())
                    .as("a code is no session")
                    .isEqualTo(401);
            assertThat(daemon.post("/dashboard/sessions", "{\"code\":\"a\",\"token\":\"b\"}")
                            .status())
                    .isEqualTo(422);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dashboard.js", "/dashboard.css", "/docs", "/docs.js", "/openapi.yaml"})
    void thePageIsOpenAndLoadsNothingFromElsewhere(String path) throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply page = daemon.send(daemon.request(path).setHeader("Authorization", "Bearer no"));
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("Content-Security-Policy"))
                    .contains(
                            "default-src 'none'",
                            "script-src 'self'",
                            "frame-ancestors 'none'",
                            "require-trusted-types-for 'script'")
                    .doesNotContain("unsafe");
            assertThat(page.text())
                    .doesNotContain("innerHTML", "outerHTML", "document.write", "eval(", daemon.token)
                    .doesNotContainPattern("(src|href)=\"(https?:)?//");
            HttpReply foreign = daemon.send(daemon.request(path).header("Origin", "http://evil.example"));
            assertThat(foreign.status()).isEqualTo(403);
        }
    }

    @Test
    void theDocumentIsTheOneOfTheProject() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            assertThat(daemon.get("/openapi.yaml").text())
                    .isEqualTo(Files.readString(Programs.root().resolve("docs/openapi.yaml")));
        }
    }

    @Test
    void linksAndSessionsEndWithTheirTime() {
        AtomicLong now = new AtomicLong();
        Sessions sessions = new Sessions(now::get);
        String late = sessions.link();
        now.addAndGet(Sessions.LINK.toNanos());
        assertThat(sessions.open(late)).isEmpty();
        String session = sessions.open(sessions.link()).orElseThrow();
        now.addAndGet(Sessions.SESSION.minus(Duration.ofNanos(1)).toNanos());
        assertThat(sessions.knows(session)).isTrue();
        now.incrementAndGet();
        assertThat(sessions.knows(session)).isFalse();
    }

    @Test
    void theirNumberIsBounded() {
        Sessions sessions = new Sessions();
        String first = sessions.open();
        String link = sessions.link();
        for (int i = 0; i < 64; i++) {
            sessions.open();
            sessions.link();
        }
        assertThat(sessions.knows(first)).isFalse();
        assertThat(sessions.open(link)).isEmpty();
    }
}
