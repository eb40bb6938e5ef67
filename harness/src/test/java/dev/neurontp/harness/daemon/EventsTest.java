package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Server-sent events: every change, replayable by id, bounded. */
class EventsTest {
    @TempDir
    Path folder;

    /** The data of each event in a stream. */
    private static List<JsonNode> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Json.mapper().readTree(line.substring("data: ".length())))
                .toList();
    }

    private static List<String> types(String stream) {
        return events(stream).stream()
                .map(event -> event.get("type").stringValue())
                .toList();
    }

    @Test
    void everyChangeOfAPoolIsToldInOrder() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            daemon.post("/pools/" + id + "/init?wait=20s");
            daemon.post("/pools/" + id + "/shutdown?wait=20s");
            await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
            String stream =
                    daemon.get("/pools/" + id + "/events?since=0&follow=false").text();
            List<String> states = events(stream).stream()
                    .filter(event -> event.get("type").stringValue().equals("pool_state"))
                    .map(event -> event.get("state").stringValue())
                    .toList();
            assertThat(states).containsExactly("ready", "joining", "joined", "stopping", "gone");
            assertThat(types(stream)).startsWith("pool_created").contains("rank_ended", "operation_ended");
            List<Long> numbers = events(stream).stream()
                    .map(event -> event.get("seq").longValue())
                    .toList();
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
        }
    }

    /** What no rank was asked has not failed: the pool's events are about the pool. */
    @Test
    void whatIsRefusedInThePoolsStateIsNoEvent() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            assertThat(daemon.post("/pools/" + id + "/sanity?wait=20s").status())
                    .isEqualTo(409);
            daemon.post("/pools/" + id + "/init?wait=20s");
            assertThat(daemon.post("/pools/" + id + "/init?wait=20s").status()).isEqualTo(409);
            daemon.post("/pools/" + id + "/shutdown?wait=20s");
            assertThat(daemon.post("/pools/" + id + "/init?wait=20s").status()).isEqualTo(409);
            await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
            assertThat(events(daemon.get("/pools/" + id + "/events?since=0&follow=false")
                                    .text())
                            .stream()
                            .filter(event -> event.get("type").stringValue().startsWith("operation_"))
                            .map(event -> event.get("type").stringValue() + " "
                                    + event.get("op").stringValue()))
                    .containsExactly(
                            "operation_started spawn",
                            "operation_ended spawn",
                            "operation_started init",
                            "operation_ended init",
                            "operation_started shutdown",
                            "operation_ended shutdown");
        }
    }

    @Test
    void aClientThatComesBackMissesNothing() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            daemon.pool("none");
            List<JsonNode> all =
                    events(daemon.get("/events?since=0&follow=false").text());
            for (int known = 0; known < all.size(); known++) {
                String last = all.get(known).get("id").stringValue();
                HttpReply rest =
                        daemon.send(daemon.request("/events?follow=false").header("Last-Event-ID", last));
                assertThat(events(rest.text())).isEqualTo(all.subList(known + 1, all.size()));
            }
        }
    }

    @Test
    void anIdOfAnotherDaemonGivesAllThatIsKept() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            daemon.pool("none");
            String all = daemon.get("/events?since=0&follow=false").text();
            for (String foreign : List.of("00000000-3", "x", "-", "00000000-99999999999999999999")) {
                assertThat(daemon.get("/events?follow=false&since=" + foreign).text())
                        .isEqualTo(all);
            }
        }
    }

    @Test
    void aClientThatWasAwayTooLongIsToldHowMuchItMissed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.EVENTS, 16))) {
            for (int i = 0; i < 4; i++) {
                daemon.post("/pools/" + daemon.pool("none") + "/shutdown?wait=20s");
            }
            List<JsonNode> events =
                    events(daemon.get("/events?since=0&follow=false").text());
            assertThat(events).hasSize(17);
            assertThat(events.getFirst().get("type").stringValue()).isEqualTo("lost");
            long lost = events.getFirst().get("count").longValue();
            assertThat(events.get(1).get("seq").longValue()).isEqualTo(lost + 1);
        }
    }

    @Test
    void aStreamGoesOnUntilTheDaemonStops() throws Exception {
        TestDaemon daemon = TestDaemon.start(folder);
        HttpResponse<InputStream> response =
                daemon.client.send(daemon.request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": listening");
            String id = daemon.pool("none");
            String line = lines.readLine();
            while (!line.contains("\"pool\":\"" + id + "\"")) {
                line = lines.readLine();
            }
            daemon.daemon.stop();
            assertThat(types(lines.lines().collect(Collectors.joining("\n"))))
                    .endsWith("operation_ended", "daemon_stopping");
        } finally {
            daemon.close();
        }
    }

    @Test
    void aStreamShowsThatTheDaemonLivesWhileOnlyOthersHaveNews() throws Exception {
        Duration keepAlive = Duration.ofMillis(300);
        try (TestDaemon daemon =
                        TestDaemon.start(folder, settings -> settings.with(DaemonSettings.KEEP_ALIVE, keepAlive));
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            String quiet = daemon.pool("none");
            String busy = daemon.pool("none");
            daemon.post("/pools/" + busy + "/init?wait=20s");
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> others = background.submit(() -> {
                int events = 0;
                while (!over.get()) {
                    daemon.post("/pools/" + busy + "/sanity?wait=20s");
                    events++;
                }
                return events;
            });
            HttpResponse<InputStream> response = daemon.client.send(
                    daemon.request("/pools/" + quiet + "/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.lines().filter(line -> line.startsWith(":")).limit(3))
                        .containsExactly(": listening", ": still here", ": still here");
            } finally {
                over.set(true);
            }
            assertThat(others.get()).isPositive();
        }
    }

    @Test
    void streamsAreBoundedAndAClosedOneMakesRoom() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.STREAMS, 1))) {
            HttpResponse<InputStream> first =
                    daemon.client.send(daemon.request("/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            HttpReply second = daemon.get("/events");
            assertThat(second.status()).isEqualTo(429);
            assertThat(second.error()).isEqualTo("too_many_streams");
            assertThat(second.header("Retry-After")).isNotEmpty();
            first.body().close();
            String id = daemon.pool("none");
            await().until(() -> {
                // Only a write finds out that nobody reads: make something happen.
                daemon.post("/pools/" + id + "/sanity?wait=5s");
                return daemon.get("/events?since=0&follow=false").status() == 200;
            });
        }
    }

    @Test
    void aReaderThatStandsStillHoldsUpNobodyAndIsLetGo() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(
                        folder,
                        settings -> settings.with(DaemonSettings.STREAMS, 1)
                                // As long as a request may take on a busy host, so that one comes while the place is
                                // taken.
                                .with(DaemonSettings.IDLE, Duration.ofSeconds(4))
                                .with(DaemonSettings.LOG_LINES, 1 << 20));
                Socket stuck = new Socket()) {
            String id = daemon.pool("flood@1");
            URI url = URI.create(daemon.daemon.url());
            stuck.setReceiveBufferSize(4096);
            stuck.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            stuck.getOutputStream()
                    .write(("GET /pools/" + id
                                    + "/logs?follow=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + daemon.token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // Not followed: a request that comes before the stuck one must not take its place for good.
            await().until(() -> daemon.get("/events?since=0&follow=false").status() == 429);
            assertThat(daemon.post("/pools/" + id + "/ping").status()).isEqualTo(200);
            // Its buffers are full for that time, then its place is free, although it never hung up.
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> daemon.get("/events?since=0&follow=false").status() == 200);
            assertThat(daemon.post("/pools/" + id + "/ping").status()).isEqualTo(200);
        }
    }

    @Test
    void aReaderThatIsTooSlowIsToldHowManyLinesItMissed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder);
                Socket slow = new Socket()) {
            String id = daemon.pool("flood@1");
            URI url = URI.create(daemon.daemon.url());
            slow.setReceiveBufferSize(4096);
            slow.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            slow.getOutputStream()
                    .write(("GET /pools/" + id
                                    + "/logs?follow=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + daemon.token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader read =
                    new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
            assertThat(read.lines().anyMatch("event: log"::equals)).isTrue();
            long dropped = dropped(daemon, id);
            await().until(() -> dropped(daemon, id) > dropped + 100_000);
            assertThat(read.lines().anyMatch("event: lost"::equals)).isTrue();
            assertThat(read.readLine()).matches("data: \\{\"count\":[1-9][0-9]*}");
        }
    }

    private static long dropped(TestDaemon daemon, String id) throws Exception {
        return daemon.get("/pools/" + id + "/logs").json().get("dropped").longValue();
    }

    @Test
    void theLinesOfEveryRankAreKeptAndFollowed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            JsonNode logs = daemon.get("/pools/" + id + "/logs?rank=1").json();
            assertThat(logs.at("/lines/0/text").stringValue()).isEqualTo("rank 1 is here");
            assertThat(logs.get("last_seq").intValue()).isEqualTo(2);
            assertThat(daemon.get("/pools/" + id + "/logs?since=2").json().get("lines"))
                    .isEmpty();
            assertThat(daemon.get("/pools/" + id + "/logs?lines=x").status()).isEqualTo(422);
            daemon.post("/pools/" + id + "/shutdown?wait=20s");
            String followed = daemon.get("/pools/" + id + "/logs?follow=true").text();
            assertThat(followed).contains("event: log", "rank 0 is here", "rank 1 is here", "event: end");
        }
    }

    @Test
    void aFloodOfLinesIsBounded() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("flood@1");
            await().until(() ->
                    daemon.get("/pools/" + id + "/logs").json().get("dropped").longValue() > 100_000);
            assertThat(daemon.get("/pools/" + id + "/logs?lines=10000").json().get("lines"))
                    .hasSizeLessThanOrEqualTo(2000);
            assertThat(daemon.post("/pools/" + id + "/ping").status()).isEqualTo(200);
        }
    }
}
