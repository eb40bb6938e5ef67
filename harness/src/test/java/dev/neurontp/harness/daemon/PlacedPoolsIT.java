package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.FrozenProcess;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.Programs;
import dev.neurontp.testing.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A daemon with a launcher in its settings: what a request may name, and what is told of ranks on other hosts. */
@Tag("long")
class PlacedPoolsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String HOSTS = "\"hosts\":[\"far-1:4\",\"far-2:4\"],\"launcher\":\"far\"";

    private final String mark = "NEURONTP_TEST_MARK=" + UUID.randomUUID();

    @TempDir
    Path folder;

    @AfterEach
    void endTheWorkers() {
        Processes.with(mark).forEach(Processes.Running::kill);
        Processes.with("HOLDS_" + mark).forEach(Processes.Running::kill);
    }

    @Test
    void everyAnswerNamesTheHostsAndALostRanksDeviceIsFencedUntilItsLeaseIsOver() throws Exception {
        try (TestDaemon daemon = daemon()) {
            JsonNode pool = created(daemon, HOSTS);
            assertThat(pool.get("launcher").stringValue()).isEqualTo("far");
            assertThat(pool.at("/ranks/1/host").stringValue()).isEqualTo("far-2");
            assertThat(pool.at("/ranks/1/device").longValue()).isEqualTo(4);
            assertThat(pool.at("/ranks/1/memory/gpu_used_mb").isNull()).isTrue();
            long worker = pool.at("/ranks/1/pid").longValue();
            assertThat(daemon.get("/metrics").text())
                    .contains(
                            "neuron_rank_info{host=\"far-2\",pool=\"" + id(pool) + "\",rank=\"1\"} 1",
                            "neuron_ranks_lost_total{host=\"far-2\"} 0.0");
            assertThat(daemon.get("/pools/" + id(pool) + "/logs?rank=1").json().get("lines"))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.path("host").asString()).isEqualTo("far-2"));
            assertThat(daemon.post("/pools/" + id(pool) + "/ping?wait=60s")
                            .json()
                            .at("/result/ranks/1/host")
                            .stringValue())
                    .isEqualTo("far-2");
            await().atMost(LIMIT)
                    .until(() -> rank(daemon, pool).at("/memory/rss_bytes").isNumber());
            assertThat(daemon.post("/pools", request(HOSTS))
                            .json()
                            .at("/error/message")
                            .stringValue())
                    .contains("has the GPU far-1:4, far-2:4");

            launchers().forEach(Processes.Running::kill);
            await().atMost(LIMIT)
                    .until(() -> !daemon.get("/pools/" + id(pool))
                            .json()
                            .get("ended")
                            .isNull());
            JsonNode lost = rank(daemon, pool);
            assertThat(lost.get("state").stringValue()).isEqualTo("lost");
            assertThat(lost.at("/end/gone").booleanValue()).isFalse();
            assertThat(events(daemon, pool))
                    .filteredOn(event -> event.path("rank").asInt(-1) == 1)
                    .extracting(event -> event.path("type").asString() + " "
                            + event.path("host").asString())
                    .contains("rank_state far-2", "rank_failed far-2", "rank_ended far-2")
                    .allMatch(told -> told.endsWith(" far-2"));
            assertThat(lost.at("/end/host").stringValue()).isEqualTo("far-2");
            assertThat(daemon.get("/metrics").text())
                    .contains("neuron_ranks_lost_total{host=\"far-2\"} 1.0", "neuron_ranks_lost_total{host=\"\"} 0.0");
            Instant until = Instant.parse(lost.at("/end/lease_ends").stringValue());
            HttpReply refused = daemon.post("/pools", request(HOSTS));
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.json().at("/error/message").stringValue())
                    .contains("far-2:4 may still be held", "rank 1 of the pool " + id(pool), "by " + until);
            created(daemon, "\"hosts\":[\"far-1:4\",\"far-2:5\"],\"launcher\":\"far\"");
            daemon.post("/pools/"
                    + created(daemon, "\"hosts\":[\"far-1:6\",\"far-2:6\"],\"launcher\":\"far\"")
                            .get("id")
                            .stringValue()
                    + "/shutdown");
            await().atMost(LIMIT)
                    .until(() -> !ProcessHandle.of(worker)
                            .filter(ProcessHandle::isAlive)
                            .isPresent());
            assertThat(Instant.now()).isBefore(until.plusSeconds(1));
            await().atMost(LIMIT)
                    .until(() ->
                            daemon.post("/pools", request("\"hosts\":[\"far-3:4\",\"far-2:4\"],\"launcher\":\"far\""))
                                            .status()
                                    != 409);
        }
    }

    /** Its agents may be heard late: a host that is asleep, a queue in which a job waits. */
    @Test
    void aPoolWhoseAgentsAreNotHeardYetIsInTheListAndTakesNoRequests() throws Exception {
        String silent = "silent " + UUID.randomUUID();
        try (TestDaemon daemon = daemonOf("sh", "-c", "while read -r line; do :; done", silent)) {
            CompletableFuture<HttpReply> created = CompletableFuture.supplyAsync(
                    () -> post(daemon, request(HOSTS + ",\"name\":\"waits\",\"deadlines\":{\"ready\":\"600s\"}")));
            await().atMost(LIMIT).until(() -> !pools(daemon).isEmpty());
            JsonNode listed = pools(daemon).get(0);
            assertThat(listed.get("state").stringValue()).isEqualTo("starting");
            assertThat(listed.get("pids")).isEmpty();
            for (String word : List.of(id(listed), "waits")) {
                JsonNode shown = daemon.get("/pools/" + word).json();
                assertThat(id(shown)).isEqualTo(id(listed));
                assertThat(shown.get("state").stringValue()).isEqualTo("starting");
                HttpReply refused = daemon.post("/pools/" + word + "/ping");
                assertThat(refused.status()).isEqualTo(409);
                assertThat(refused.json().at("/error/type").stringValue()).isEqualTo("wrong_state");
                assertThat(refused.json().at("/error/message").stringValue()).contains("is being started");
                assertThat(refused.json().at("/error/detail/state").stringValue())
                        .isEqualTo("starting");
            }
            assertThat(daemon.get("/readyz").status()).isEqualTo(503);
            assertThat(daemon.get("/readyz?verbose").text())
                    .contains("[-] pool " + id(listed) + ": being started: no rank has answered yet");
            assertThat(daemon.get("/metrics").text())
                    .contains(
                            "neuron_pools{state=\"starting\"} 1",
                            "name=\"waits\",pool=\"" + id(listed) + "\",world_size=\"2\"");
            for (String query : List.of("", "?dry_run=true", "?wait=1s")) {
                HttpReply refused = daemon.put("/pools/waits" + query, request(HOSTS));
                assertThat(refused.status()).as(refused.text()).isEqualTo(409);
                assertThat(refused.text()).contains("wrong_state", "is being started");
            }
            await().atMost(LIMIT).until(() -> !started(silent).isEmpty());
            while (!created.isDone()) {
                started(silent).forEach(ProcessHandle::destroyForcibly);
                Thread.onSpinWait();
            }
            assertThat(created.join().status()).isEqualTo(202);
            assertThat(pools(daemon))
                    .singleElement()
                    .satisfies(pool -> assertThat(id(pool)).isEqualTo(id(listed)));
        }
    }

    /** Neither the launcher nor what it has started ends at the end of its input, as an ssh to a host that is silent. */
    @Test
    void aStopWaitsForNoAgentThatIsNotHeardAndLeavesNoLauncher() throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonOf("sh", "-c", silent + "; :")) {
            var created = CompletableFuture.supplyAsync(() -> post(daemon, request(HOSTS)));
            await().atMost(LIMIT).until(() -> started(silent).size() == 4);
            assertThat(daemon.daemon.stop()).isTrue();
            assertThat(started(silent)).isEmpty();
            assertThat(created.handle((reply, _) -> reply)).succeedsWithin(LIMIT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown", "kill"})
    void aPoolThatAPersonEndsWhileItsHostsAreSilentHasNotFailed(String end) throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonOf("sh", "-c", silent + "; :")) {
            var created = CompletableFuture.supplyAsync(() -> post(daemon, request(HOSTS + ",\"name\":\"quiet\"")));
            await().atMost(LIMIT).until(() -> started(silent).size() == 4);
            JsonNode ended = (end.equals("kill")
                            ? daemon.delete("/pools/quiet?wait=60s")
                            : daemon.post("/pools/quiet/shutdown?wait=60s"))
                    .json();
            assertThat(ended.at("/result/gone").booleanValue())
                    .as(ended.toString())
                    .isTrue();
            assertThat(started(silent)).isEmpty();
            HttpReply answer = created.join();
            assertThat(answer.status()).as(answer.text()).isEqualTo(409);
            assertThat(answer.json().at("/error/type").stringValue()).isEqualTo("pool_ended");
            JsonNode pool = daemon.get("/pools/quiet").json();
            assertThat(pool.get("state").stringValue()).as(pool.toString()).isEqualTo("gone");
            assertThat(events(daemon, pool))
                    .extracting(event -> event.path("type").asString())
                    .startsWith("pool_created")
                    .doesNotContain("rank_failed");
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
            assertThat(daemon.get("/metrics").text()).doesNotContain("neuron_protocol_errors_total{kind=\"exited\"} 1");
        }
    }

    /** Of so many on one host some wait for their turn, and have no launcher yet. */
    @Test
    void whatAPersonEndsWhileSomeRanksHaveNotBegunWasNotAFailureEither() throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonOf("sh", "-c", silent + "; :")) {
            String many = request("\"hosts\":[\"far-1:0-9\"],\"launcher\":\"far\",\"name\":\"many\"")
                    .replace("\"world_size\":2", "\"world_size\":10");
            var created = CompletableFuture.supplyAsync(() -> post(daemon, many));
            await().atMost(LIMIT).until(() -> started(silent).size() == 16);
            HttpReply ended = daemon.delete("/pools/many?wait=60s");
            assertThat(ended.text()).contains("pool_ended");
            HttpReply answer = created.join();
            assertThat(answer.status()).as(answer.text()).isEqualTo(409);
            assertThat(answer.json().at("/error/type").stringValue()).isEqualTo("pool_ended");
            assertThat(pools(daemon)).isEmpty();
            await().atMost(LIMIT).until(() -> started(silent).isEmpty());
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
        }
    }

    @Test
    void aPoolThatFailsInItsStartIsCreatedFirst() throws Exception {
        try (TestDaemon daemon = daemonOf("sh", "-c", "exit 9")) {
            post(daemon, request(HOSTS + ",\"name\":\"never\""));
            await().atMost(LIMIT)
                    .until(() -> !daemon.get("/pools/never").json().get("ended").isNull());
            JsonNode pool = daemon.get("/pools/never").json();
            assertThat(events(daemon, pool))
                    .extracting(event -> event.path("type").asString())
                    .startsWith("pool_created")
                    .containsOnlyOnce("pool_created")
                    .contains("rank_failed");
            assertThat(pool.at("/failure/text").stringValue()).doesNotContain("the idle pool");
        }
    }

    /** The pool that lives would be ended for nothing. */
    @Test
    void aRestartIsRefusedWhereTheProgramOfItsLauncherIsNotThereAnyMore() throws Exception {
        Path launcher = Files.writeString(folder.resolve("launch"), "#!/bin/sh\nexec \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        try (TestDaemon daemon = daemonOf(launcher.toString())) {
            JsonNode pool = created(daemon, HOSTS + ",\"name\":\"stays\"");
            Files.delete(launcher);
            HttpReply refused = daemon.post("/pools/stays/restart?wait=60s");
            assertThat(refused.error()).as(refused.text()).isEqualTo("not_ready");
            assertThat(refused.message())
                    .contains("the program of the launcher far", "'" + launcher + "' does not exist");
            assertThat(daemon.state(id(pool))).isEqualTo("ready");
            HttpReply other =
                    daemon.put("/pools/stays", request("\"hosts\":[\"far-1:5\",\"far-2:5\"],\"launcher\":\"far\""));
            assertThat(other.error()).as(other.text()).isEqualTo("not_ready");
            assertThat(daemon.state(id(pool))).isEqualTo("ready");
        }
    }

    /** After a crash of its daemon nobody would end it there, nor keep its devices apart. */
    @Test
    void whatCannotBeWrittenDownIsNotStarted() throws Exception {
        Path started = folder.resolve("started");
        String other = "\"hosts\":[\"far-1:5\",\"far-2:5\"],\"launcher\":\"far\"";
        try (SmallFileSystem small = SmallFileSystem.mount(folder.resolve("run"));
                TestDaemon daemon = daemonOf("sh", "-c", "echo x >>" + started + "; exec \"$@\"", "--")) {
            JsonNode pool = created(daemon, HOSTS + ",\"name\":\"stays\"");
            small.fill();
            HttpReply refused = daemon.post("/pools?wait=60s", request(other));
            assertThat(refused.error()).as(refused.text()).isEqualTo("not_ready");
            assertThat(refused.message())
                    .contains("cannot be written down", small.path().toString(), "No space left on device");
            HttpReply restart = daemon.post("/pools/stays/restart?wait=60s");
            assertThat(restart.error()).as(restart.text()).isEqualTo("not_ready");
            assertThat(daemon.state(id(pool))).isEqualTo("ready");
            assertThat(Files.readAllLines(started)).hasSize(2);
            small.makeRoom();
            created(daemon, other);
        }
    }

    /** By the policy it is tried as often as where it fails. */
    @Test
    void aRestartThatIsRefusedWhileADiskIsFullIsTriedAgain() throws Exception {
        try (SmallFileSystem small = SmallFileSystem.mount(folder.resolve("run"));
                TestDaemon daemon = daemonOf("env")) {
            JsonNode pool = created(daemon, HOSTS + ",\"name\":\"again\",\"restart\":\"on-failure\"");
            small.fill();
            ProcessHandle.of(pool.at("/ranks/1/pid").longValue()).orElseThrow().destroyForcibly();
            String events = "/pools/" + id(pool) + "/events?since=0&follow=false";
            await().atMost(LIMIT).until(() -> daemon.get(events).text().contains("pool_restart_refused"));
            assertThat(daemon.get(events).text())
                    .contains("No space left on device")
                    .doesNotContain("not_restarted");
            small.makeRoom();
            await().atMost(LIMIT).until(() -> daemon.state("again").equals("ready"));
            assertThat(daemon.get("/pools/again").json().at("/restart/count").intValue())
                    .as("what was refused led to no pool")
                    .isOne();
            assertThat(daemon.get(events).text()).contains("pool_restarted").doesNotContain("not_restarted");
        }
    }

    /** Who waits for so long and no longer must know which pool it is, and what its launchers say. */
    @Test
    void aCreationThatIsWaitedForIsAnsweredInTimeWhileItsHostsAreSilent() throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonOf("sh", "-c", "echo Pulling fs layer 3 >&2; " + silent + "; :")) {
            HttpReply created = daemon.post(
                    "/pools?wait=10ms", request(HOSTS + ",\"name\":\"waits\",\"deadlines\":{\"ready\":\"600s\"}"));
            assertThat(created.status()).as(created.text()).isEqualTo(202);
            String id = id(created.json());
            assertThat(created.header("Location")).isEqualTo("/pools/" + id);
            assertThat(created.json().get("state").stringValue()).isEqualTo("starting");
            awaitFirstLine(daemon, "waits", "Pulling fs layer 3");
            JsonNode rank = daemon.get("/pools/" + id).json().at("/ranks/1");
            assertThat(rank.get("host").stringValue()).isEqualTo("far-2");
            assertThat(rank.get("state").stringValue()).isEqualTo("starting");
            assertThat(rank.get("pid").intValue()).isZero();
            assertThat(daemon.get("/pools/waits/events?since=0&follow=false").status())
                    .isEqualTo(200);
            assertThat(daemon.delete("/pools/" + id + "?wait=60s").status()).isEqualTo(200);
            assertThat(daemon.state(id)).isEqualTo("gone");
            assertThat(started(silent)).isEmpty();
        }
    }

    private static void awaitFirstLine(TestDaemon daemon, String pool, String line) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(daemon.get("/pools/" + pool + "/logs")
                                .json()
                                .at("/lines/0/text")
                                .asString(""))
                        .isEqualTo(line));
    }

    /** Whatever the history knows of that name. */
    @Test
    void aPoolThatIsBeingStartedIsTheOneOfItsName() throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = TestDaemon.start(
                folder,
                settings -> settings.with(
                                DaemonSettings.COMMANDS,
                                List.of(TestDaemon.command("none"), TestDaemon.command("silent-init@1")))
                        .with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of("sh", "-c", "echo new >&2; " + silent + "; :"))
                        .with("limits.ended_pools", 1))) {
            for (String name : List.of("same", "other")) {
                HttpReply past = daemon.post("/pools?wait=60s", "{\"world_size\":1,\"name\":\"" + name + "\"}");
                assertThat(past.status()).as(past.text()).isEqualTo(201);
                daemon.post("/pools/" + name + "/shutdown?wait=60s");
            }
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(pools(daemon).valueStream())
                            .as("the first is in the history alone")
                            .extracting(pool -> pool.path("name").asString())
                            .containsExactly("other"));
            assertThat(daemon.get("/pools/same").status()).isEqualTo(200);
            String id = id(daemon.post("/pools?wait=10ms", request(HOSTS + ",\"name\":\"same\""))
                    .json());
            assertThat(id(daemon.get("/pools/same").json())).isEqualTo(id);
            awaitFirstLine(daemon, "same", "new");
            daemon.delete("/pools/" + id + "?wait=60s");
        }
    }

    /** The deadline that has run out is that of the hosts, not that of a ping. */
    @Test
    void hostsThatWereNeverHeardAreToldByTheDeadlineReady() throws Exception {
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonOf("sh", "-c", silent + "; :")) {
            HttpReply failed = daemon.post(
                    "/pools?wait=60s", request(HOSTS + ",\"deadlines\":{\"ready\":\"2s\",\"ping\":\"1s\"}"));
            assertThat(failed.message())
                    .contains("its agent on far-1 was not heard within 2 s (the deadline ready)")
                    .doesNotContain("did not answer within 1 s");
        }
    }

    /** Nothing that comes after it would do. */
    @Test
    void aHostThatNeverStopsPrintingIsTold() throws Exception {
        try (TestDaemon daemon = daemonOf("sh", "-c", "echo hello; exec yes")) {
            post(daemon, request(HOSTS + ",\"name\":\"loud\",\"deadlines\":{\"ready\":\"600s\"}"));
            await().atMost(LIMIT)
                    .until(() -> !daemon.get("/pools/loud").json().get("ended").isNull());
            assertThat(daemon.get("/pools/loud").json().at("/failure/text").stringValue())
                    .contains("prints 'hello", "before anything is started there");
        }
    }

    /** Once that file is there its hosts are silent: {@code silent} then runs in the place of what is to be started. */
    private TestDaemon daemonSilentOnce(Path quiet, String silent) throws Exception {
        return daemonOf("sh", "-c", "if [ -e " + quiet + " ]; then " + silent + "; else exec \"$@\"; fi", "sh");
    }

    @Test
    void aPoolThatIsBeingStartedAgainSaysHowOftenItWas() throws Exception {
        Path quiet = folder.resolve("quiet");
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonSilentOnce(quiet, silent)) {
            created(daemon, HOSTS + ",\"name\":\"again\"");
            Files.createFile(quiet);
            var restarted = CompletableFuture.supplyAsync(() -> postTo(daemon, "/pools/again/restart"));
            await().atMost(LIMIT).until(() -> started(silent).size() == 4);
            assertThat(daemon.get("/pools/again").json().at("/restart/count").intValue())
                    .isOne();
            assertThat(pools(daemon))
                    .filteredOn(pool -> pool.path("state").asString().equals("starting"))
                    .singleElement()
                    .satisfies(
                            pool -> assertThat(pool.get("restarts").intValue()).isOne());
            daemon.delete("/pools/again?wait=60s");
            restarted.join();
        }
    }

    /** By its own id, which is all that a person may know at that moment. */
    @Test
    void theEndOfAFailedPoolIsThatOfTheOneThatIsBeingStartedInItsPlace() throws Exception {
        Path quiet = folder.resolve("quiet");
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonSilentOnce(quiet, silent)) {
            JsonNode pool = created(daemon, HOSTS + ",\"name\":\"again\",\"restart\":\"on-failure\"");
            Files.createFile(quiet);
            ProcessHandle.of(pool.at("/ranks/1/pid").longValue()).orElseThrow().destroyForcibly();
            await().atMost(LIMIT).until(() -> started(silent).size() == 4);
            assertThat(daemon.delete("/pools/" + id(pool) + "?wait=60s").status())
                    .isEqualTo(200);
            await().atMost(LIMIT)
                    .until(() -> pools(daemon)
                            .valueStream()
                            .allMatch(one -> one.path("state").asString().equals("gone")));
            assertThat(started(silent)).isEmpty();
        }
    }

    /** Whoever ends the one that somebody else starts in its place means that there be none. */
    @Test
    void anEndOfARestartByHandEndsThePolicyToo() throws Exception {
        Path quiet = folder.resolve("quiet");
        String silent = "sleep 6" + ThreadLocalRandom.current().nextInt(100_000_000);
        try (TestDaemon daemon = daemonSilentOnce(quiet, silent)) {
            JsonNode first = created(daemon, HOSTS + ",\"name\":\"again\",\"restart\":\"on-failure\"");
            ProcessHandle.of(first.at("/ranks/1/pid").longValue()).orElseThrow().destroyForcibly();
            String restart = "/pools/" + id(first);
            await().atMost(LIMIT)
                    .until(() ->
                            !daemon.get(restart).json().at("/restart/successor").isNull());
            String second = daemon.get(restart).json().at("/restart/successor").stringValue();
            await().atMost(LIMIT).until(() -> daemon.state(second).equals("ready"));
            Files.createFile(quiet);
            // The second restart by itself waits for a second, and this one is there before.
            ProcessHandle.of(
                            daemon.get("/pools/again").json().at("/ranks/1/pid").longValue())
                    .orElseThrow()
                    .destroyForcibly();
            await().atMost(LIMIT).until(() -> daemon.state(second).equals("failed"));
            var restarted = CompletableFuture.supplyAsync(() -> postTo(daemon, "/pools/" + second + "/restart"));
            await().atMost(LIMIT).until(() -> started(silent).size() == 4);
            daemon.delete("/pools/again?wait=60s");
            restarted.join();
            await().atMost(LIMIT)
                    .until(() -> !daemon.get("/pools/" + second)
                            .json()
                            .at("/restart/given_up")
                            .isNull());
            assertThat(started(silent)).isEmpty();
        }
    }

    /** Its daemon may be killed at any moment from then on. */
    @Test
    void aPoolIsInTheHistoryBeforeItsFirstRankIsStarted() throws Exception {
        Path seen = folder.resolve("seen");
        String look = "ls " + folder.resolve("state/history") + " >>" + seen + "; exec \"$@\"";
        try (TestDaemon daemon = daemonOf("sh", "-c", look, "far")) {
            JsonNode pool = created(daemon, HOSTS);
            assertThat(Files.readAllLines(seen))
                    .filteredOn(("pool-" + id(pool) + ".json")::equals)
                    .hasSize(2);
        }
    }

    /** By their address, or since a launcher starts all on the daemon's own host. */
    @ParameterizedTest
    @CsvSource({"far, near-1, near-2", "here, x1, y1"})
    void twoNamesOfOneHostShareItsDevices(String launcher, String one, String other) throws Exception {
        try (TestDaemon daemon = TestDaemon.start(
                folder,
                settings -> settings.with(
                                DaemonSettings.COMMANDS,
                                List.of(TestDaemon.command("none"), TestDaemon.command("silent-init@1")))
                        .with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of("env"))
                        .with("launchers.far.neuron", List.of(Programs.neuron()))
                        .with("launchers.here.preset", "local")
                        .with("launchers.here.neuron", List.of(Programs.neuron()))
                        .with("hosts.near-1.address", "Gpu.example")
                        .with("hosts.near-2.address", "gpu.EXAMPLE"))) {
            String first = "\"launcher\":\"" + launcher + "\",\"hosts\":[\"" + one + ":3-4\"]";
            JsonNode pool = created(daemon, first);
            String second = "\"launcher\":\"" + launcher + "\",\"hosts\":[\"" + other + ":4-5\"]";
            HttpReply refused = daemon.post("/pools", request(second));
            assertThat(refused.error()).as(refused.text()).isEqualTo("device_taken");
            assertThat(refused.message())
                    .contains("the pool " + id(pool), "has the GPU " + other + ":4 (there " + one + ":4)");
            assertThat(daemon.post("/pools?dry_run=true", request(second.replace("4-5", "6-7")))
                            .status())
                    .isEqualTo(200);
            HttpReply twice = daemon.post("/pools", request(first.replace("3-4\"", "7\",\"" + other + ":7\"")));
            assertThat(twice.error()).as(twice.text()).isEqualTo("wrong_shape");
            assertThat(twice.message()).contains("to rank 0 as one of " + one + ", and to rank 1 as one of " + other);
        }
    }

    /** As a process that waits inside a driver: its agent tells of it, and nobody sees there when it ends. */
    @Test
    void aDeviceThatSomethingMayHoldWhichSigkillDidNotEndIsKeptApart() throws Exception {
        String lives = "sed -u 's/\"still_running\":\\[\\]/\"still_running\":[\"python3 (pid 4711)\"]/' >&2 3>&-";
        try (TestDaemon daemon = daemonOf("sh", "-c", "{ \"$@\" 2>&1 >&3 3>&- | " + lives + "; } 3>&1", "far")) {
            JsonNode pool = created(daemon, HOSTS);
            daemon.post("/pools/" + id(pool) + "/shutdown?wait=60s");
            JsonNode end = rank(daemon, pool).get("end");
            assertThat(daemon.state(id(pool))).isEqualTo("lost");
            assertThat(end.get("lease_ends").isNull()).isTrue();
            assertThat(end.get("text").stringValue())
                    .contains("SIGKILL did not end what it left behind: python3 (pid 4711)")
                    .doesNotContain("; ended what it left behind");
            HttpReply refused = daemon.post("/pools", request(HOSTS));
            assertThat(refused.error()).as(refused.text()).isEqualTo("device_taken");
            assertThat(refused.message()).contains("SIGKILL did not end", "is kept apart until ");
        }
    }

    /** All of its ranks have ended, and what serves their rendezvous waits inside a driver. */
    @Test
    void aPoolIsNotGoneWhereWhatServesTheCommIdWasNotSeenToEnd() throws Exception {
        try (TestDaemon daemon = daemonOf("env")) {
            JsonNode pool = created(
                    daemon,
                    "\"hosts\":[\"far-1:5-6\"],\"launcher\":\"far\"",
                    "loopback",
                    TestDaemon.command("silent-init@1"));
            CompletableFuture<HttpReply> init =
                    CompletableFuture.supplyAsync(() -> post(daemon, "/pools/" + id(pool) + "/init", ""));
            await().atMost(LIMIT).until(() -> "joining".equals(daemon.state(id(pool))));
            try (FrozenProcess _ = FrozenProcess.of(serving())) {
                daemon.post("/pools/" + id(pool) + "/shutdown?wait=60s");
                JsonNode ended = daemon.get("/pools/" + id(pool)).json();
                assertThat(ended.get("state").stringValue()).isEqualTo("lost");
                assertThat(ended.get("ranks"))
                        .allMatch(rank -> rank.at("/end/gone").booleanValue());
                assertThat(ended.get("gone").booleanValue()).isFalse();
                assertThat(daemon.delete("/pools/" + id(pool)).status()).isEqualTo(200);
                assertThat(daemon.get("/pools").text()).doesNotContain(id(pool));
                // The only trace of what may still run somewhere.
                await().atMost(LIMIT)
                        .until(() -> daemon.get("/pools?all=true").text().contains(id(pool)));
                assertThat(daemon.get("/pools/" + id(pool)).json().get("gone").booleanValue())
                        .isFalse();
            }
            init.join();
        }
    }

    /** What carries the pipes of what serves the rendezvous. */
    private static long serving() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("--comm-id"))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** As workers and agents pass over one. */
    @Test
    void anEmptyLineBeforeTheCommIdIsNone() throws Exception {
        try (TestDaemon daemon = daemonOf("sh", "-c", "echo; echo '  '; exec \"$@\"", "far")) {
            String hosts = "\"hosts\":[\"far-1:4-5\"],\"launcher\":\"far\"";
            HttpReply created =
                    daemon.post("/pools?wait=60s", "{\"world_size\":2,\"communicator\":\"loopback\"," + hosts + "}");
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            HttpReply joined = daemon.post("/pools/" + id(created.json()) + "/init?wait=60s");
            assertThat(joined.status()).as(joined.text()).isEqualTo(200);
            assertThat(daemon.state(id(created.json()))).isEqualTo("joined");
        }
    }

    private TestDaemon daemonOf(String... start) throws Exception {
        return TestDaemon.start(
                folder,
                settings -> settings.with(
                                DaemonSettings.COMMANDS,
                                List.of(TestDaemon.command("none"), TestDaemon.command("silent-init@1")))
                        .with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of(start))
                        .with("hosts.far-1.address", "127.0.0.1")
                        .with("launchers.far.neuron", List.of(Programs.neuron())));
    }

    private static JsonNode pools(TestDaemon daemon) throws Exception {
        return daemon.get("/pools").json().get("pools");
    }

    private static HttpReply postTo(TestDaemon daemon, String path) {
        try {
            return daemon.post(path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpReply post(TestDaemon daemon, String request) {
        return post(daemon, "/pools", request);
    }

    private static HttpReply post(TestDaemon daemon, String path, String request) {
        try {
            return daemon.post(path, request);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ProcessHandle> started(String mark) {
        return ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains(mark))
                .toList();
    }

    @Test
    void aRestartWaitsForWhatALostRankMayHold() throws Exception {
        try (TestDaemon daemon = daemon()) {
            JsonNode pool = created(daemon, HOSTS + ",\"name\":\"again\",\"restart\":\"on-failure\"");
            long worker = pool.at("/ranks/1/pid").longValue();
            launchers().forEach(Processes.Running::kill);
            await().atMost(LIMIT)
                    .until(() -> daemon.get("/pools/" + id(pool))
                            .json()
                            .at("/restart/successor")
                            .isString());
            assertThat(ProcessHandle.of(worker).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void aRequestNamesALauncherOfTheSettingsAndNoWords() throws Exception {
        try (TestDaemon daemon = daemon()) {
            assertRefused(daemon, "\"hosts\":[\"a:0\",\"b:0\"]", "launcher and hosts go together");
            assertRefused(daemon, "\"launcher\":\"far\"", "launcher and hosts go together");
            assertRefused(
                    daemon,
                    "\"hosts\":[\"a:0-1\"],\"launcher\":\"sh\"",
                    "the settings have no launcher 'sh' (they have far): set launchers.sh.preset; a running daemon takes it by tpctl reload");
            assertRefused(daemon, "\"hosts\":[\"a:0\"],\"launcher\":\"far\"", "hosts have 1 devices for world_size 2");
            assertRefused(
                    daemon, "\"hosts\":[\"-oProxyCommand=x:0-1\"],\"launcher\":\"far\"", "it must be a host, a colon");
            assertRefused(daemon, "\"hosts\":[\"a:0\",\"a:1\"],\"launcher\":\"far\"", "named twice");
            assertRefused(daemon, HOSTS + ",\"devices\":[0,1]", "devices does not go with hosts");
            assertThat(Processes.with(mark)).isEmpty();
        }
    }

    private static void assertRefused(TestDaemon daemon, String fields, String words) throws Exception {
        HttpReply refused = daemon.post("/pools", request(fields));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.json().at("/error/message").stringValue()).contains(words);
    }

    private TestDaemon daemon() throws Exception {
        Path script = Path.of("src/test/resources/far-launcher.sh").toAbsolutePath();
        return TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.COMMANDS_ARE_WORKERS, false)
                        .with("launchers.far.preset", "exec")
                        .with("launchers.far.start", List.of("sh", script.toString(), folder.toString(), mark))
                        .with("launchers.far.neuron", List.of(Programs.neuron()))
                        .with("launchers.far.lease", Duration.ofSeconds(10)));
    }

    private static JsonNode created(TestDaemon daemon, String fields) throws Exception {
        return created(daemon, fields, "nccl", TestDaemon.command("none"));
    }

    private static JsonNode created(TestDaemon daemon, String fields, String communicator, List<String> command)
            throws Exception {
        HttpReply created = daemon.post("/pools?wait=60s", request(fields, communicator, command));
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json();
    }

    private static String request(String fields) {
        return request(fields, "nccl", TestDaemon.command("none"));
    }

    private static String request(String fields, String communicator, List<String> command) {
        return "{\"world_size\":2,\"communicator\":\"" + communicator + "\"," + fields + ",\"command\":"
                + Json.text(command) + "}";
    }

    private static List<JsonNode> events(TestDaemon daemon, JsonNode pool) throws Exception {
        String stream = daemon.get("/pools/" + id(pool) + "/events?since=0&follow=false")
                .text();
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> Json.mapper().readTree(line.substring("data: ".length())))
                .toList();
    }

    private static String id(JsonNode pool) {
        return pool.get("id").stringValue();
    }

    private static JsonNode rank(TestDaemon daemon, JsonNode pool) throws Exception {
        return daemon.get("/pools/" + id(pool)).json().at("/ranks/1");
    }

    /** What carries the pipes of rank 1: its command line names the rank. */
    private static List<Processes.Running> launchers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("far-launcher.sh"))
                .filter(child -> child.info().commandLine().orElse("").contains("--rank 1 "))
                .map(child -> new Processes.Running(child.pid(), ""))
                .toList();
    }
}
