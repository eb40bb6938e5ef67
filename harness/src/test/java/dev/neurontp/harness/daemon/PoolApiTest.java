package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.Signals;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Pools over HTTP, from their coming up to their end, with workers that are real processes. */
class PoolApiTest {
    @TempDir
    Path folder;

    /** What it asks for would be done by nobody. */
    @Test
    void aBodyWhereNoneIsTakenIsRefused() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            for (String path : List.of("/ping", "/init", "/restart", "/shutdown")) {
                HttpReply refused = daemon.post("/pools/" + id + path, "{\"world_size\":3}");
                assertThat(refused.status()).as(refused.toString()).isEqualTo(422);
                assertThat(refused.toString()).contains("this request takes no body");
            }
            assertThat(daemon.post("/reload", "{\"log.level\":\"debug\"}").status())
                    .isEqualTo(422);
            assertThat(daemon.post("/pools/" + id + "/ping?wait=20s", "{}").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aPoolLivesFromItsCreationToItsShutdown() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply created = daemon.post("/pools?wait=30s", "{\"world_size\":3,\"devices\":[4,5,6]}");
            assertThat(created.status()).isEqualTo(201);
            String id = created.json().get("id").stringValue();
            assertThat(created.header("Location")).isEqualTo("/pools/" + id);

            HttpReply pong = daemon.post("/pools/" + id + "/ping");
            assertThat(pong.status()).isEqualTo(200);
            assertThat(pong.json().at("/result/ranks")).hasSize(3);
            assertThat(daemon.post("/pools/" + id + "/init?wait=20s").status()).isEqualTo(200);
            assertThat(daemon.post("/pools/" + id + "/sanity?wait=20s")
                            .json()
                            .at("/result/sum")
                            .intValue())
                    .isEqualTo(3);

            JsonNode pool = daemon.get("/pools/" + id).json();
            assertThat(pool.get("state").stringValue()).isEqualTo("joined");
            assertThat(pool.at("/ranks/2/device").intValue()).isEqualTo(6);
            assertThat(pool.at("/ranks/1/memory/rss_bytes").longValue()).isPositive();
            assertThat(pool.at("/ranks/1/stderr/0").stringValue()).isEqualTo("rank 1 is here");
            assertThat(pool.at("/ranks/0/last_pong").isNull()).isFalse();

            HttpReply ended = daemon.post("/pools/" + id + "/shutdown?wait=20s");
            assertThat(ended.json().at("/result/clean").booleanValue()).isTrue();
            assertThat(ended.json().at("/result/ends/2/text").stringValue()).isEqualTo("bye, exit 0");
            assertThat(daemon.state(id)).isEqualTo("gone");
            assertThat(daemon.delete("/pools/" + id).status()).isEqualTo(200);
            assertThat(daemon.get("/pools/" + id).error()).isEqualTo("no_such_pool");
        }
    }

    @Test
    void aLongOperationAnswers202WithAPlaceToLook() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("late@1#2");
            HttpReply accepted = daemon.post("/pools/" + id + "/ping?wait=1ms");
            assertThat(accepted.status()).isEqualTo(202);
            HttpReply done = daemon.get(accepted.header("Location") + "?wait=20s");
            assertThat(done.json().get("state").stringValue()).isEqualTo("done");
        }
    }

    @Test
    void aSecondOperationWaitsItsTurnOrIsRefusedAsBusy() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("late@1#2");
            assertThat(daemon.post("/pools/" + id + "/ping?wait=0s").status()).isEqualTo(202);
            HttpReply busy = daemon.post("/pools/" + id + "/init");
            assertThat(busy.status()).isEqualTo(409);
            assertThat(busy.error()).isEqualTo("busy");
            assertThat(busy.json().at("/error/detail/busy/op").stringValue()).isEqualTo("ping");
            assertThat(daemon.get("/pools/" + id).json().at("/busy/op").stringValue())
                    .isEqualTo("ping");
            assertThat(daemon.post("/pools/" + id + "/ping?wait=20s").status()).isEqualTo(200);
        }
    }

    @Test
    void aCallerWaitsNoLongerThanItSaidForThePingThatTheDaemonSendsByItself() throws Exception {
        Duration long_ = Duration.ofSeconds(90);
        try (TestDaemon daemon = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.READY, long_)
                        .with(DaemonSettings.PING, long_)
                        .with(DaemonSettings.PROOF, Duration.ofMillis(200)))) {
            String id = daemon.pool("none");
            long pid = daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue();
            Signals.send("STOP", pid);
            await().until(() ->
                    !daemon.get("/pools/" + id).json().at("/busy/unanswered/0").isMissingNode());
            assertThat(daemon.post("/pools/" + id + "/init").error()).isEqualTo("busy");
            HttpReply busy = daemon.post("/pools/" + id + "/ping?wait=100ms");
            assertThat(busy.error()).isEqualTo("busy");
            assertThat(busy.message()).contains("is busy: ping", " of 90 s; rank 1 has not answered; ask again later");
            assertThat(busy.json().at("/error/detail/busy/unanswered").toString())
                    .isEqualTo("[1]");
            Signals.send("CONT", pid);
            assertThat(daemon.post("/pools/" + id + "/ping?wait=20s").status()).isEqualTo(200);
        }
    }

    @Test
    void shutdownEndsAnInitThatHangs() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("silent@1#2");
            String init = daemon.post("/pools/" + id + "/init").header("Location");
            HttpReply ended = daemon.post("/pools/" + id + "/shutdown?wait=20s");
            assertThat(ended.status()).isEqualTo(200);
            assertThat(ended.json().at("/result/gone").booleanValue()).isTrue();
            JsonNode stopped = daemon.get(init + "?wait=5s").json();
            assertThat(stopped.at("/error/type").stringValue()).isEqualTo("pool_ended");
        }
    }

    @Test
    void deleteEndsAPoolNowWithoutAsking() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            HttpReply ended = daemon.delete("/pools/" + id + "?wait=20s");
            assertThat(ended.json().get("op").stringValue()).isEqualTo("end");
            assertThat(ended.json().at("/result/ends/1/steps/0").stringValue()).isEqualTo("SIGTERM");
            assertThat(daemon.state(id)).isEqualTo("gone");
        }
    }

    @Test
    void aWorkerThatDiesIsReportedWithRankAndCauseAndTheDaemonIsNotReady() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("killed@1#2");
            HttpReply failed = daemon.post("/pools/" + id + "/ping");
            assertThat(failed.status()).isEqualTo(409);
            assertThat(failed.error()).isEqualTo("pool_failed");
            assertThat(failed.message()).contains("rank 1", "SIGKILL");
            assertThat(failed.json().at("/error/detail/failure/ranks/0/rank").intValue())
                    .isEqualTo(1);

            HttpReply notReady = daemon.get("/readyz");
            assertThat(notReady.status()).isEqualTo(503);
            assertThat(notReady.message()).contains(id, "failed", "rank 1");
            await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
            assertThat(daemon.get("/pools/" + id).json().at("/failure/text").stringValue())
                    .contains("SIGKILL");
            assertThat(daemon.delete("/pools/" + id).json().get("op").stringValue())
                    .isEqualTo("forget");
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void aWorkerThatDiesWhileNothingRunsIsSeenWithoutBeingAsked() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            long pid = daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await().until(() ->
                    !daemon.get("/pools/" + id).json().get("failure").isNull());
            assertThat(daemon.get("/pools").json().at("/pools/0/reason").stringValue())
                    .contains("rank 1");
        }
    }

    @Test
    void aPoolWhoseWorkerExitsAtStartStaysInSightAsFailed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply failed = daemon.post("/pools?wait=30s", TestDaemon.poolOf("exit3@1"));
            assertThat(failed.status()).isEqualTo(409);
            assertThat(failed.json().at("/error/detail/failure/text").stringValue())
                    .contains("exit 3", "there is no such GPU");
            assertThat(daemon.get(failed.header("Location")).json().get("state").stringValue())
                    .isEqualTo("failed");
            // Nobody has ever counted on it.
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
            assertThat(daemon.get("/readyz?verbose").text()).contains("[+] pool ", "never came up: failed: ");
        }
    }

    @Test
    void readyNeedsARoundTripThatIsYoungEnough() throws Exception {
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.PROOF, Duration.ofMillis(300)))) {
            String id = daemon.pool("silent@1#3");
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
            // The third request to rank 1 is never answered, and the daemon's own pings are requests too.
            await().until(() -> daemon.get("/readyz").status() == 503);
            assertThat(daemon.get("/readyz?verbose").text()).contains("[-] pool " + id, "not ready");
        }
    }

    @Test
    void anInitThatTookLongerThanAProofHoldsIsAProofItself() throws Exception {
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.PROOF, Duration.ofMillis(600)))) {
            String id = daemon.pool("late@1#2");
            assertThat(daemon.post("/pools/" + id + "/init?wait=20s").status()).isEqualTo(200);
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatGoesAwayDoesNotDisturbAnOperation() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("late@1#2");
            URI url = URI.create(daemon.daemon.url());
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.getOutputStream()
                        .write(("POST /pools/" + id
                                        + "/ping?wait=20s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                        + daemon.token + "\r\nContent-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                await().until(() ->
                        daemon.get("/pools/" + id + "/operations/op-2").status() == 200);
            }
            HttpReply done = daemon.get("/pools/" + id + "/operations/op-2?wait=20s");
            assertThat(done.json().get("state").stringValue()).isEqualTo("done");
            assertThat(daemon.state(id)).isEqualTo("ready");
        }
    }

    @Test
    void onlyCommandsThatTheSettingsAllowAreStarted() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply refused = daemon.post(
                    "/pools", "{\"world_size\":2,\"command\":[\"/bin/sh\",\"-c\",\"touch " + folder + "/owned\"]}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.error()).isEqualTo("command_not_allowed");
            assertThat(refused.message()).contains("[\"/bin/sh\",\"-c\",\"touch ", "pools.commands");
            assertThat(folder.resolve("owned")).doesNotExist();
        }
    }

    @Test
    void tooManyPoolsAreRefused() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.POOLS, 1))) {
            String id = daemon.pool("none");
            assertThat(daemon.post("/pools", "{\"world_size\":2}").error()).isEqualTo("too_many_pools");
            daemon.post("/pools/" + id + "/shutdown?wait=20s");
            await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
            assertThat(daemon.post("/pools?wait=20s", "{\"world_size\":2}").status())
                    .isEqualTo(201);
        }
    }

    @Test
    void endedPoolsAreKeptInSightUpToABound() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.ENDED_POOLS, 1))) {
            for (int i = 0; i < 3; i++) {
                String id = daemon.pool("none");
                daemon.post("/pools/" + id + "/shutdown?wait=20s");
                await().until(() ->
                        !daemon.get("/pools/" + id).json().get("ended").isNull());
            }
            daemon.pool("none");
            assertThat(daemon.get("/pools").json().get("pools")).hasSize(2);
        }
    }

    @Test
    void stoppingTakesNoNewWorkAndLeavesNoProcess() throws Exception {
        TestDaemon daemon = TestDaemon.start(folder);
        List<Long> pids = new ArrayList<>();
        for (String faults : List.of("none", "none", "deaf@1,silent@1#2")) {
            String id = daemon.pool(faults);
            daemon.get("/pools/" + id)
                    .json()
                    .get("ranks")
                    .forEach(rank -> pids.add(rank.get("pid").longValue()));
        }
        daemon.close();
        assertThat(pids).hasSize(6).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        assertThat(daemon.runtime)
                .isDirectoryNotContaining("glob:**daemon-*")
                .isDirectoryNotContaining("glob:**workers-*");
    }

    @Test
    void metricsTellOfPoolsRanksAndFailures() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String id = daemon.pool("none");
            String noisy = daemon.pool("noise@1#2");
            assertThat(daemon.post("/pools/" + noisy + "/ping").error()).isEqualTo("pool_failed");
            await().until(() ->
                    !daemon.get("/pools/" + noisy).json().get("failure").isNull());
            assertThat(daemon.post("/pools/" + id + "/ping").status()).isEqualTo(200);
            String metrics = daemon.get("/metrics").text();
            assertThat(metrics)
                    .contains("neuron_pool_state{pool=\"" + id + "\",state=\"ready\"} 1")
                    .contains("neuron_pool_state{pool=\"" + noisy + "\",state=\"failed\"} 1")
                    .contains("neuron_rank_up{pool=\"" + id + "\",rank=\"1\"} 1")
                    .contains("neuron_rank_up{pool=\"" + noisy + "\",rank=\"1\"} 0")
                    .contains("neuron_round_trip_seconds_count{op=\"ping\",pool=\"" + id + "\",rank=\"1\"}")
                    .contains("neuron_pool_info{communicator=\"loopback\",name=\"\",pool=\"" + id
                            + "\",world_size=\"2\"} 1")
                    .contains("neuron_pools{state=\"ready\"} 1", "neuron_pools{state=\"failed\"} 1")
                    .contains("neuron_operations_total{op=\"ping\",result=\"ok\"} 1")
                    .contains("neuron_operations_total{op=\"ping\",result=\"pool_failed\"} 1")
                    .contains("neuron_operations_total{op=\"spawn\",result=\"ok\"} 2")
                    .contains("neuron_protocol_errors_total{kind=\"stdout\"} 1")
                    .contains("neuron_stdout_noise_total 1")
                    .contains("neuron_spawn_seconds_count 2")
                    .contains("neuron_build_info{");
            // What every Java process shows, by its usual names.
            for (String name : List.of(
                    "process_resident_memory_bytes ",
                    "process_cpu_seconds_total ",
                    "process_files_open_files ",
                    "process_uptime_seconds ",
                    "jvm_memory_used_bytes{",
                    "jvm_threads_live_threads ")) {
                assertThat(metrics).containsPattern("(?m)^" + Pattern.quote(name) + ".*[1-9]");
            }
            daemon.delete("/pools/" + noisy + "?wait=20s");
            daemon.delete("/pools/" + id + "?wait=20s");
            daemon.delete("/pools/" + id);
            assertThat(daemon.get("/metrics").text())
                    .as("what is of a pool goes with it, and the number of pools stays")
                    .doesNotContain(id, noisy)
                    .contains("neuron_pools{state=\"ready\"} 0");
        }
    }
}
