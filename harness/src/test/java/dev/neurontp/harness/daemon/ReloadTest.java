package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.harness.daemon.settings.SettingsSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /reload}: what a running daemon takes of its settings. */
class ReloadTest {
    @TempDir
    private Path folder;

    private SettingsSource file(String more) throws IOException {
        Path file = folder.resolve("neuron.toml");
        Files.writeString(file, """
                http.port = 0
                runtime_dir = "%s"
                pools.communicator = "loopback"
                devices.nvidia_smi = "/nonexistent/nvidia-smi"
                %s
                """.formatted(folder.resolve("run"), more));
        return () -> SettingsReader.read(Optional.of(file), Map.of(), List.of());
    }

    private static String status(TestDaemon daemon, String host) throws IOException {
        String request =
                "GET /livez HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\nConnection: close\r\n\r\n";
        return daemon.raw(request.getBytes(StandardCharsets.US_ASCII))
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void namesBoundsAndCommandsAreInForceAtOnce() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), file(""))) {
            assertThat(status(daemon, "node-1")).contains("403");
            assertThat(daemon.post("/pools", TestDaemon.poolOf("killed@1#9")).status())
                    .isEqualTo(403);
            file("limits.pools = 1\nhttp.origins = [\"http://node-1\"]\npools.commands = ["
                    + Json.text(TestDaemon.command("killed@1#9")) + "]");
            HttpReply reply = daemon.post("/reload");
            assertThat(reply.status()).as(reply.text()).isEqualTo(200);
            assertThat(reply.text()).contains("limits.pools", "http.origins", "pools.commands", "\"need_restart\":[]");
            assertThat(status(daemon, "node-1")).contains("200");
            daemon.pool("killed@1#9");
            HttpReply second = daemon.post("/pools", TestDaemon.poolOf("killed@1#9"));
            assertThat(second.status()).isEqualTo(429);
        }
    }

    @Test
    void aSmallerBoundOfEndedPoolsForgetsThoseThatEndedFirst() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), file("limits.ended_pools = 3"))) {
            String first = daemon.pool("none");
            String second = daemon.pool("none");
            end(daemon, second);
            end(daemon, first);
            file("limits.ended_pools = 1");
            assertThat(daemon.post("/reload").status()).isEqualTo(200);
            assertThat(ids(daemon)).containsExactly(first);
            String third = daemon.pool("none");
            end(daemon, third);
            await().until(() -> ids(daemon).equals(List.of(third)));
        }
    }

    private static void end(TestDaemon daemon, String id) throws Exception {
        daemon.post("/pools/" + id + "/shutdown?wait=60s");
        await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
    }

    private static List<String> ids(TestDaemon daemon) throws Exception {
        return daemon.get("/pools")
                .json()
                .get("pools")
                .valueStream()
                .map(pool -> pool.get("id").stringValue())
                .toList();
    }

    /** By hand and by itself: the plan of a pool may be older than the settings. */
    @Test
    void aRestartIsHeldToTheSettingsOfTheMoment() throws Exception {
        String command = "pools.commands = [" + Json.text(TestDaemon.command("killed@1#9")) + "]";
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), file(command))) {
            HttpReply created = daemon.post(
                    "/pools?wait=30s",
                    TestDaemon.poolOf("killed@1#9").replaceFirst("}$", ",\"name\":\"a\",\"restart\":\"on-failure\"}"));
            assertThat(created.status()).as(created.text()).isEqualTo(201);

            file(command + "\nlimits.world_size = 1");
            assertThat(daemon.post("/reload").status()).isEqualTo(200);
            HttpReply tooLarge = daemon.post("/pools/a/restart?wait=30s");
            assertThat(tooLarge.status()).as(tooLarge.text()).isEqualTo(422);
            assertThat(tooLarge.message()).contains("world_size is 2 and the limit is 1");

            file("");
            assertThat(daemon.post("/reload").status()).isEqualTo(200);
            HttpReply forbidden = daemon.post("/pools/a/restart?wait=30s");
            assertThat(forbidden.status()).as(forbidden.text()).isEqualTo(403);
            assertThat(daemon.state("a")).as("it goes on").isEqualTo("ready");

            long pid = created.json().at("/ranks/1/pid").longValue();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().until(() ->
                    !daemon.get("/pools/a").json().at("/restart/given_up").isNull());
            assertThat(daemon.get("/pools/a").json().at("/restart/given_up").stringValue())
                    .contains("is not allowed here any more");
        }
    }

    @Test
    void aFileThatIsWrongChangesNothingAndIsTold() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), file("http.origins = [\"http://node-1\"]"))) {
            file("http.origins = []\nlimits.pools = 0");
            HttpReply reply = daemon.post("/reload");
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.json().at("/error/type").stringValue()).isEqualTo("settings_refused");
            assertThat(reply.json().at("/error/message").stringValue())
                    .contains(
                            "nothing has changed", "neuron.toml line", "limits.pools is 0: it must be a whole number");
            assertThat(status(daemon, "node-1")).contains("200");
        }
    }

    /** Nothing may be wrong with the settings. */
    @Test
    @Tag("long")
    @Timeout(120)
    void oneThatWaitedForAnotherOneSaysSo() throws Exception {
        SettingsSource usual = file("");
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        SettingsSource slow = () -> {
            if (reads.incrementAndGet() > 1) {
                began.countDown();
                awaitUninterruptibly(answer);
            }
            return usual.read();
        };
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), slow)) {
            Thread first = Thread.ofPlatform().start(daemon.daemon::reload);
            began.await();
            HttpReply reply = daemon.post("/reload");
            answer.countDown();
            first.join();
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.error()).isEqualTo("busy");
            assertThat(reply.message())
                    .contains("were not read", "another reload has not ended within 15", "Try again later")
                    .doesNotContain("refused");
        } finally {
            answer.countDown();
        }
    }

    /** Each SIGHUP has a thread: 4000 of them waited for one file that did not answer. */
    @Test
    @Timeout(120)
    void whileOneReloadWaitsItStandsForAllOthers() throws Exception {
        SettingsSource usual = file("");
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch began = new CountDownLatch(2);
        CountDownLatch answer = new CountDownLatch(1);
        SettingsSource slow = () -> {
            reads.incrementAndGet();
            began.countDown();
            if (began.getCount() == 0) {
                awaitUninterruptibly(answer);
            }
            return usual.read();
        };
        try (TestDaemon daemon = TestDaemon.start(folder.resolve("run"), slow)) {
            List<Thread> signals = new ArrayList<>(List.of(Thread.ofPlatform().start(daemon.daemon::reload)));
            began.await();
            for (int i = 0; i < 10; i++) {
                signals.add(Thread.ofPlatform().start(daemon.daemon::reload));
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> signals.stream().filter(Thread::isAlive).count() == 2);
            answer.countDown();
            for (Thread signal : signals) {
                signal.join();
            }
            assertThat(reads).hasValue(3);
        } finally {
            answer.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
