package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.process.ProcessIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Pools that are started anew: because somebody asked, or because they failed. */
class PoolRestartTest {
    /** Those between four restarts, and the restarts. */
    private static final Duration PAUSES = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private static String create(TestDaemon daemon, String more) throws Exception {
        HttpReply created = daemon.post("/pools?wait=30s", "{\"world_size\":2" + more + "}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json().get("id").stringValue();
    }

    private static void killRank(TestDaemon daemon, String id) throws Exception {
        long pid = daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /** The pool that is in the place of {@code id}, once it is ready. */
    private static String successor(TestDaemon daemon, String id) throws Exception {
        await().atMost(PAUSES).until(() -> !restart(daemon, id).get("successor").isNull());
        String next = restart(daemon, id).get("successor").stringValue();
        await().until(() -> daemon.state(next).equals("ready"));
        return next;
    }

    private static JsonNode restart(TestDaemon daemon, String id) throws Exception {
        return daemon.get("/pools/" + id).json().get("restart");
    }

    @Test
    void aRestartIsAnotherPoolOfTheSamePlanUnderTheSameName() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = create(daemon, ",\"name\":\"a\",\"labels\":{\"l\":\"1\"},\"devices\":[5,6]");
            HttpReply restarted = daemon.post("/pools/a/restart?wait=30s");
            assertThat(restarted.status()).as(restarted.text()).isEqualTo(201);
            JsonNode pool = restarted.json();
            String second = pool.get("id").stringValue();
            assertThat(restarted.header("Location")).isEqualTo("/pools/" + second);
            assertThat(second).isNotEqualTo(first);
            assertThat(pool.get("epoch").intValue()).isEqualTo(2);
            assertThat(pool.at("/restart/count").intValue()).isEqualTo(1);
            assertThat(pool.at("/labels/l").stringValue()).isEqualTo("1");
            assertThat(pool.at("/ranks/1/device").intValue()).isEqualTo(6);
            assertThat(daemon.state(first)).isEqualTo("gone");
            assertThat(restart(daemon, first).get("successor").stringValue()).isEqualTo(second);
            assertThat(daemon.get("/pools/a").json().get("id").stringValue()).isEqualTo(second);

            HttpReply twice = daemon.post("/pools/" + first + "/restart");
            assertThat(twice.error()).isEqualTo("wrong_state");
            assertThat(twice.message()).contains(second);

            daemon.post("/pools/" + second + "/shutdown?wait=20s");
            daemon.delete("/pools/" + second);
            assertThat(daemon.post("/pools/a/restart?wait=30s").status())
                    .as("the one that was in its place is not there any more")
                    .isEqualTo(201);
        }
    }

    /** Nothing but its restart tells one without a name and without GPUs of its own from another pool of the same plan. */
    @Test
    void twoRestartsAtOnceMakeOnePool() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = create(daemon, ",\"communicator\":\"loopback\"");
            CountDownLatch together = new CountDownLatch(1);
            Queue<HttpReply> replies = new ConcurrentLinkedQueue<>();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(Thread.ofPlatform().start(() -> {
                    try {
                        together.await();
                        replies.add(daemon.post("/pools/" + first + "/restart?wait=30s"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            together.countDown();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(replies).extracting(HttpReply::status).containsExactlyInAnyOrder(201, 409, 409, 409);
            assertThat(replies)
                    .filteredOn(reply -> reply.status() == 409)
                    .extracting(HttpReply::error)
                    .containsOnly("wrong_state");
            assertThat(daemon.get("/pools")
                            .json()
                            .get("pools")
                            .valueStream()
                            .map(pool -> pool.get("state").stringValue()))
                    .containsExactlyInAnyOrder("gone", "ready");
        }
    }

    @Test
    void aFailedPoolIsRestartedByHandTooAndNoLongerMissed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = create(daemon, "");
            killRank(daemon, first);
            await().until(() ->
                    !daemon.get("/pools/" + first).json().get("ended").isNull());
            assertThat(daemon.get("/readyz").status()).isEqualTo(503);
            assertThat(daemon.post("/pools/" + first + "/restart?wait=30s").status())
                    .isEqualTo(201);
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
        }
    }

    /** Its other rank ignores SIGTERM, so that its end takes a while. Nobody has asked that there be none. */
    @Test
    @Tag("long")
    void aRestartByHandOfOneThatIsJustFailingIsNoWishForItsEnd() throws Exception {
        List<String> deaf = TestDaemon.command("deaf@0,silent@0#2");
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.COMMANDS, List.of(deaf)))) {
            String first = create(daemon, ",\"name\":\"a\",\"restart\":\"on-failure\",\"command\":" + Json.text(deaf));
            killRank(daemon, first);
            await().until(() -> daemon.state(first).equals("failed"));
            HttpReply restarted = daemon.post("/pools/a/restart?wait=30s");
            assertThat(restarted.status()).as(restarted.text()).isEqualTo(201);
            await().until(() -> daemon.get("/pools/" + first + "/events?since=0&follow=false")
                    .text()
                    .contains("pool_restarted"));
            assertThat(restart(daemon, first).get("successor").stringValue())
                    .isEqualTo(restarted.json().get("id").stringValue());
            assertThat(restart(daemon, first).get("given_up").isNull()).isTrue();
            assertThat(daemon.get("/pools/" + first + "/events?since=0&follow=false")
                            .text())
                    .doesNotContain("not_restarted");
        }
    }

    @Test
    @Tag("long")
    void aPoolThatAlwaysFailsIsRestartedFourTimesAndThenStaysFailedInSight() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            List<String> ids = new ArrayList<>();
            ids.add(create(daemon, ",\"name\":\"a\",\"restart\":\"on-failure\""));
            for (int restarts = 1; restarts <= 4; restarts++) {
                killRank(daemon, ids.getLast());
                ids.add(successor(daemon, ids.getLast()));
                assertThat(restart(daemon, "a").get("count").intValue()).isEqualTo(restarts);
                assertThat(daemon.get("/readyz").status()).isEqualTo(200);
            }
            String last = ids.getLast();
            killRank(daemon, last);
            await().until(() -> !restart(daemon, last).get("given_up").isNull());
            assertThat(restart(daemon, last).get("given_up").stringValue()).contains("4 restarts in 10 min");
            assertThat(daemon.state("a")).isEqualTo("failed");
            assertThat(daemon.get("/readyz").status()).isEqualTo(503);
            assertThat(daemon.get("/pools").json().get("pools")).hasSize(5);
            String events = daemon.get("/events?since=0&follow=false").text();
            assertThat(events)
                    .contains("\"type\":\"pool_restarted\"", "\"successor\":\"" + last + "\"")
                    .contains("\"type\":\"pool_not_restarted\"", "\"reason\":\"there were 4 restarts in 10 min");

            // A person may still decide otherwise.
            assertThat(daemon.get("/metrics").text()).contains("neuron_pool_restarts_total 4.0");
            assertThat(daemon.post("/pools/a/restart?wait=30s").status()).isEqualTo(201);
            assertThat(daemon.get("/readyz").status()).isEqualTo(200);
        }
    }

    /** Also while it waits for its time. The time of the other pool begins later, and is as long. */
    @Test
    void theEndOfAPoolThatIsRestartedLaterIsForGood() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String second = failedTwice(daemon, "a");
            daemon.post("/pools/" + second + "/shutdown?wait=20s");
            String other = failedTwice(daemon, "b");
            String third = successor(daemon, other);
            assertThat(daemon.get("/pools/b").json().get("id").stringValue()).isEqualTo(third);
            assertThat(daemon.get("/pools").json().get("pools").valueStream())
                    .filteredOn(pool -> pool.path("name").asString().equals("a"))
                    .extracting(pool -> pool.path("state").asString())
                    .doesNotContain("ready", "starting", "joined");
            assertThat(restart(daemon, second).get("successor").isNull()).isTrue();
            assertThat(restart(daemon, second).get("given_up").asString("")).isEqualTo("its end was asked for");
        }
    }

    /** The id of a pool that has failed, in the place of another one that has. */
    private static String failedTwice(TestDaemon daemon, String name) throws Exception {
        String first = create(daemon, ",\"name\":\"" + name + "\",\"restart\":\"on-failure\"");
        killRank(daemon, first);
        String second = successor(daemon, first);
        killRank(daemon, second);
        await().until(() -> !daemon.get("/pools/" + second).json().get("ended").isNull());
        return second;
    }

    @Test
    @Tag("long")
    void aPoolThatNeverComesUpAgainIsMissed() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply failed = daemon.post(
                    "/pools?wait=30s",
                    TestDaemon.poolOf("exit3@1").replaceFirst("}$", ",\"name\":\"a\",\"restart\":\"on-failure\"}"));
            assertThat(failed.error()).isEqualTo("pool_failed");
            await().atMost(PAUSES)
                    .until(() -> !restart(daemon, "a").get("given_up").isNull());
            assertThat(restart(daemon, "a").get("count").intValue()).isEqualTo(4);
            assertThat(daemon.get("/readyz").status()).isEqualTo(503);
            List<Instant> created = daemon.get("/pools")
                    .json()
                    .get("pools")
                    .valueStream()
                    .map(pool -> Instant.parse(pool.get("created").stringValue()))
                    .toList();
            assertThat(Duration.between(created.getFirst(), created.getLast()))
                    .as("what is away for a moment may come back: 1, 5 and 20 s")
                    .isGreaterThan(Duration.ofSeconds(26));
        }
    }

    @Test
    void aPoolThatWasShutDownIsNotRestarted() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = create(daemon, ",\"name\":\"a\",\"restart\":\"on-failure\"");
            daemon.post("/pools/a/shutdown?wait=20s");
            String second = create(daemon, ",\"name\":\"b\",\"restart\":\"on-failure\"");
            daemon.delete("/pools/b?wait=20s");
            String third = create(daemon, ",\"name\":\"c\"");
            killRank(daemon, third);
            await().until(() -> !daemon.get("/pools/c").json().get("ended").isNull());
            // Events come in order: what was to follow the first two ends had to come before the third.
            create(daemon, "");
            for (String id : List.of(first, second, third)) {
                assertThat(restart(daemon, id).get("successor").isNull()).isTrue();
            }
            assertThat(daemon.get("/pools").json().get("pools")).hasSize(4);
        }
    }

    /** A rank that is stopped takes no SIGTERM: its pool has failed, and is being ended for some seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"POST /shutdown", "DELETE "})
    void aPoolWhoseEndIsAskedForWhileItFailsIsNotRestarted(String end) throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            String first = create(daemon, ",\"name\":\"a\",\"restart\":\"on-failure\"");
            long stopped =
                    daemon.get("/pools/" + first).json().at("/ranks/0/pid").longValue();
            new ProcessBuilder("kill", "-STOP", Long.toString(stopped)).start().waitFor();
            // Of two signals that a process has not yet taken SIGTERM would be the first.
            ProcessIdentity rank = ProcessIdentity.of(stopped).orElseThrow();
            await().until(rank::stopped);
            killRank(daemon, first);
            await().until(() -> daemon.state(first).equals("failed"));
            JsonNode listed = daemon.get("/pools").json().at("/pools/0");
            assertThat(listed.get("terminating").booleanValue()).isTrue();
            assertThat(listed.get("restarting").booleanValue()).isTrue();

            String[] asked = end.split(" ", 2);
            HttpReply ended = asked[0].equals("POST")
                    ? daemon.post("/pools/a" + asked[1] + "?wait=20s")
                    : daemon.delete("/pools/a?wait=20s");
            assertThat(ended.status()).as(ended.text()).isEqualTo(200);
            String other = create(daemon, ",\"name\":\"b\",\"restart\":\"on-failure\"");
            killRank(daemon, other);
            successor(daemon, other);
            assertThat(restart(daemon, first).get("successor").isNull()).isTrue();
            await().until(() -> restart(daemon, first).get("given_up").isString());
            assertThat(daemon.get("/pools").json().at("/pools/0/restarting").booleanValue())
                    .isFalse();
            assertThat(daemon.get("/pools").json().get("pools")).hasSize(3);
        }
    }

    @Test
    void aPolicyWantsANameAndIsOneOfTwo() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            HttpReply unnamed = daemon.post("/pools", "{\"world_size\":2,\"restart\":\"on-failure\"}");
            assertThat(unnamed.status()).isEqualTo(422);
            assertThat(unnamed.message()).contains("restart is 'on-failure' and the pool has no name");
            assertThat(daemon.post("/pools", "{\"world_size\":2,\"name\":\"a\",\"restart\":\"always\"}")
                            .message())
                    .contains("restart is 'always': it must be never or on-failure");
        }
    }
}
