package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a daemon still knows of the pools of the daemons before it. */
class PoolHistoryTest {
    @TempDir
    Path folder;

    private Path history() {
        return folder.resolve("state/history");
    }

    private static Optional<JsonNode> listed(TestDaemon daemon, String query, String id) throws Exception {
        return daemon.get("/pools" + query)
                .json()
                .get("pools")
                .valueStream()
                .filter(pool -> pool.get("id").stringValue().equals(id))
                .findFirst();
    }

    private String recorded(String id) throws IOException {
        return Files.readString(history().resolve("pool-" + id + ".json"));
    }

    private static void awaitOver(TestDaemon daemon, String id) {
        await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
    }

    @Test
    void itKnowsWhatRanHowItEndedAndWhatItsWorkersSaid() throws Exception {
        String id;
        JsonNode before;
        try (TestDaemon first = TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.COMMANDS, List.of(TestDaemon.command("killed@1#3"))))) {
            id = first.pool("killed@1#3");
            first.post("/pools/" + id + "/init?wait=20s");
            first.post("/pools/" + id + "/sanity?wait=20s");
            awaitOver(first, id);
            before = first.get("/pools/" + id).json();
            assertThat(listed(first, "?all=true", id)
                            .orElseThrow()
                            .get("recorded")
                            .isNull())
                    .as("its own")
                    .isTrue();
        }
        try (TestDaemon next = TestDaemon.start(folder)) {
            assertThat(listed(next, "", id)).as("what it has itself").isEmpty();
            JsonNode line = listed(next, "?all=true", id).orElseThrow();
            assertThat(line.get("state").stringValue()).isEqualTo("failed");
            assertThat(line.at("/recorded/pid").longValue())
                    .isEqualTo(ProcessHandle.current().pid());
            JsonNode after = next.get("/pools/" + id).json();
            for (String field : List.of("created", "joined", "ended", "reason", "failure", "command", "world_size")) {
                assertThat(after.get(field)).as(field).isEqualTo(before.get(field));
            }
            assertThat(after.get("joined").isNull()).isFalse();
            for (String rank : List.of("/ranks/0", "/ranks/1")) {
                for (String field : List.of("pid", "state", "end", "stderr", "started", "boot_id")) {
                    assertThat(after.at(rank).get(field))
                            .as(rank + field)
                            .isEqualTo(before.at(rank).get(field));
                }
            }
            assertThat(next.get("/pools/" + id + "/events?since=0").text())
                    .contains("pool_created", "\"joined\"", "rank_failed", "rank_ended");
            assertThat(next.get("/pools/" + id + "/events").text())
                    .as("what comes")
                    .doesNotContain("event:");
            assertThat(next.get("/pools/" + id + "/logs?follow=true").text()).contains("event: end");
            assertThat(next.post("/pools/" + id + "/ping").status()).isEqualTo(404);
        }
    }

    /** Such as one on a disk with an error. */
    @Test
    void anOldFileThatCannotBeRemovedCostsNoHistory() throws Exception {
        try (TestDaemon _ = TestDaemon.start(folder)) {
            await().until(() -> Files.exists(history()));
        }
        Path left = Files.createDirectories(history().resolve("pool-aaaaaaaa.events/full"))
                .getParent();
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        try (TestDaemon next = TestDaemon.start(folder)) {
            String id = next.pool("none");
            await().until(() -> names().contains("pool-" + id + ".json"));
            assertThat(left).exists();
        }
    }

    @Test
    void itKnowsThatAPoolWasNotCreated() throws Exception {
        try (TestDaemon first = TestDaemon.start(
                folder, settings -> settings.with(DaemonSettings.COMMANDS, List.of(List.of("/no/such/worker"))))) {
            HttpReply refused =
                    first.post("/pools", "{\"name\":\"none\",\"world_size\":2,\"command\":[\"/no/such/worker\"]}");
            assertThat(refused.status()).as(refused.text()).isEqualTo(422);
            JsonNode pool = await().until(() -> first.get("/pools/none"), reply -> reply.status() == 200)
                    .json();
            assertThat(pool.get("reason").stringValue()).startsWith("it was not created: ");
            assertThat(pool.get("state").stringValue()).isEqualTo("failed");
            assertThat(pool.get("ranks")).isEmpty();
        }
        try (TestDaemon next = TestDaemon.start(folder)) {
            assertThat(next.get("/pools/none").status()).isEqualTo(200);
        }
    }

    @Test
    void ofAPoolThatSomebodyHasRemovedNothingIsLeft() throws Exception {
        try (TestDaemon first = TestDaemon.start(folder)) {
            String id = first.pool("none");
            first.delete("/pools/" + id + "?wait=20s");
            awaitOver(first, id);
            await().until(() -> names().contains("pool-" + id + ".json"));
            first.delete("/pools/" + id);
            assertThat(first.get("/pools/" + id).error()).isEqualTo("no_such_pool");
            assertThat(listed(first, "?all=true", id)).isEmpty();
            await().until(() -> names().isEmpty());
        }
    }

    /** Its files go a moment after it: here they are there again. */
    @Test
    void aPoolThatSomebodyHasRemovedIsNotShownAlthoughItsFilesAreStillThere() throws Exception {
        String id;
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            id = daemon.pool("none");
            String removed = id;
            daemon.delete("/pools/" + id + "?wait=20s");
            awaitOver(daemon, id);
            await().until(() -> names().size() == 3 && recorded(removed).contains("\"ended\":\""));
            String state = recorded(id);
            daemon.delete("/pools/" + id);
            await().until(() -> names().isEmpty());
            Path again = history().resolve("pool-" + id + ".json");
            Files.writeString(again, state);
            Files.setPosixFilePermissions(again, PosixFilePermissions.fromString("rw-------"));
            assertThat(daemon.get("/pools/" + id).error()).isEqualTo("no_such_pool");
            assertThat(listed(daemon, "?all=true", id)).isEmpty();
        }
        try (TestDaemon next = TestDaemon.start(folder)) {
            assertThat(listed(next, "?all=true", id))
                    .as("the record is one that can be shown")
                    .isPresent();
        }
    }

    @Test
    void whatNewerOnesHavePushedOutCanStillBeLookedAt() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.ENDED_POOLS, 1))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ids.add(daemon.pool("none"));
                daemon.delete("/pools/" + ids.getLast() + "?wait=20s");
                awaitOver(daemon, ids.getLast());
            }
            assertThat(listed(daemon, "", ids.getFirst())).isEmpty();
            assertThat(listed(daemon, "?all=true", ids.getFirst())).isPresent();
            assertThat(daemon.get("/pools/" + ids.getFirst())
                            .json()
                            .get("state")
                            .stringValue())
                    .isEqualTo("gone");
        }
    }

    @Test
    void theOldestGoWhereThereAreTooMany() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.HISTORY_POOLS, 2))) {
            String first = null;
            for (int i = 0; i < 3; i++) {
                String id = daemon.pool("none");
                first = first == null ? id : first;
                daemon.delete("/pools/" + id + "?wait=20s");
                awaitOver(daemon, id);
            }
            String oldest = first;
            await().untilAsserted(() ->
                    assertThat(names()).hasSizeLessThanOrEqualTo(6).noneMatch(name -> name.contains(oldest)));
        }
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(history())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aFloodOfLinesStaysWithinItsBytes() throws Exception {
        int most = 32 << 10;
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.HISTORY_BYTES, most))) {
            String id = daemon.post("/pools?wait=30s", TestDaemon.poolOf("flood@1"))
                    .json()
                    .get("id")
                    .stringValue();
            daemon.post("/pools/" + id + "/ping?wait=20s");
            Path lines = history().resolve("pool-" + id + ".log");
            await().until(() -> Files.exists(lines));
            daemon.delete("/pools/" + id + "?wait=20s");
            awaitOver(daemon, id);
        }
        long bytes = 0;
        try (Stream<Path> files = Files.list(history())) {
            for (Path file :
                    files.filter(file -> !file.toString().endsWith(".json")).toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isPositive().isLessThan(most + 8192);
    }

    @Test
    void itsFilesAreThisUsersAloneAndHoldNoSecret() throws Exception {
        List<String> command = List.of("/bin/sh", "-c", "echo password=hunter2 >&2; exit 3", "--api-token", "s3cr3t");
        String token;
        try (TestDaemon daemon =
                TestDaemon.start(folder, settings -> settings.with(DaemonSettings.COMMANDS, List.of(command)))) {
            token = daemon.token;
            daemon.post(
                    "/pools?wait=30s",
                    "{\"world_size\":2,\"labels\":{\"password\":\"swordfish\"},\"command\":" + Json.text(command)
                            + "}");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(history().getParent())))
                .as("created too")
                .isEqualTo("rwx------");
        assertThat(names()).hasSize(3);
        for (String name : names()) {
            Path file = history().resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(Files.readString(file, StandardCharsets.UTF_8))
                    .doesNotContain(token, "hunter2", "s3cr3t", "swordfish")
                    .contains("\"format\":1");
        }
    }

    @Test
    void aFolderThatIsThereKeepsItsModeAndOneThatOthersMayEnterIsNotUsed() throws Exception {
        Path state = Files.createDirectories(folder.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            daemon.pool("none");
        }
        assertThat(names()).isNotEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwxr-xr-x");
        Files.setPosixFilePermissions(history(), PosixFilePermissions.fromString("rwxr-xr-x"));
        int before = names().size();
        try (TestDaemon daemon = TestDaemon.start(folder)) {
            daemon.pool("none");
        }
        assertThat(names()).hasSize(before);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history())))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void withoutHistoryNothingIsWritten() throws Exception {
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.HISTORY_POOLS, 0))) {
            daemon.pool("none");
            assertThat(daemon.get("/pools?all=true").json().get("pools")).hasSize(1);
        }
        assertThat(folder.resolve("state")).doesNotExist();
    }
}
