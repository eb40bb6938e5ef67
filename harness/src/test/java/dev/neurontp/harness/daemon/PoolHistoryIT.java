package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.SmallFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged daemon: what its successor knows after SIGKILL, what its log says, and a disk that is full. */
@Tag("long")
class PoolHistoryIT {
    @TempDir
    Path folder;

    private Path state(String id) {
        return folder.resolve("state/history/pool-" + id + ".json");
    }

    @Test
    void aPoolThatLivedWhenItsDaemonWasKilledIsLostAndNotGone() throws Exception {
        String id;
        long pid;
        try (DaemonProcess first = DaemonProcess.listening(folder, Map.of())) {
            pid = first.program.pid();
            first.pool(List.of());
            id = first.poolId();
            assertThat(first.send("POST", "/pools/" + id + "/init?wait=30s", "").status())
                    .isEqualTo(200);
            await().until(() -> Files.readString(state(id)).contains("\"joined\":\""));
            first.program.signal("KILL");
            first.program.exitCode();
        }
        try (DaemonProcess next = DaemonProcess.listening(folder, Map.of())) {
            JsonNode pool = next.send("GET", "/pools/" + id, "").json();
            assertThat(pool.get("state").stringValue()).isEqualTo("lost");
            assertThat(pool.get("reason").stringValue())
                    .isEqualTo("its daemon (pid " + pid
                            + ") has ended, and nothing that it wrote shows that its ranks ended");
            assertThat(pool.get("ended").isNull()).isTrue();
            assertThat(pool.get("joined").isNull()).isFalse();
            assertThat(pool.at("/recorded/daemon").stringValue()).isEqualTo("gone");
            for (JsonNode rank : pool.get("ranks")) {
                assertThat(rank.get("state").stringValue()).isEqualTo("lost");
                assertThat(rank.get("end").isNull()).isTrue();
            }
            assertThat(next.send("GET", "/pools/" + id + "/events?since=0", "").text())
                    .contains("pool_created", "\"joined\"")
                    .doesNotContain("\"gone\"");
            assertThat(next.send("GET", "/pools?all=true", "")
                            .json()
                            .at("/pools/0/id")
                            .stringValue())
                    .isEqualTo(id);
        }
    }

    @Test
    void theLogHasALineForEachPoolAndForWhyTheDaemonEnded() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.listening(folder, Map.of())) {
            List<Long> pids = daemon.pool(List.of());
            String id = daemon.poolId();
            daemon.send("POST", "/pools/" + id + "/init?wait=30s", "");
            daemon.send("POST", "/pools", "{\"world_size\":1000}");
            daemon.send("POST", "/pools", "{\"name\":\"none\",\"world_size\":1,\"command\":[\"/no/such/thing\"]}");
            daemon.send("POST", "/pools/" + id + "/shutdown?wait=20s", "");
            daemon.terminate();
            assertThat(daemon.program.exitCode()).isZero();
            String log = daemon.program.stderr();
            assertThat(once(log, "pool " + id + " was created: 2 ranks over loopback, pids "))
                    .contains(pids.stream().map(String::valueOf).toList());
            assertThat(once(log, "pool " + id + " has joined")).contains("INFO");
            assertThat(once(log, "pool " + id + " has ended")).contains("the pool was shut down");
            assertThat(once(log, "stopping")).contains("asked by SIGTERM");
        }
    }

    @Test
    void theLogNamesThePoolAndMasksWhatAWorkerSaid() throws Exception {
        Path worker = Files.writeString(
                folder.resolve("leaky"), "#!/bin/sh\necho 'cannot log in with password=hunter2' >&2\nexit 7\n");
        Files.setPosixFilePermissions(worker, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> allowed = Map.of("NEURON_POOLS__COMMANDS", "[[\"" + worker + "\"]]");
        try (DaemonProcess daemon = DaemonProcess.listening(folder, allowed)) {
            daemon.send(
                    "POST",
                    "/pools?wait=30s",
                    "{\"name\":\"llama\",\"world_size\":1,\"communicator\":\"loopback\",\"command\":[\"" + worker
                            + "\"]}");
            daemon.terminate();
            daemon.program.exitCode();
            String log = daemon.program.stderr();
            assertThat(once(log, "'llama' has failed")).contains("password=(masked)");
            assertThat(log).contains("'llama' was created: 1 rank").doesNotContain("hunter2");
        }
    }

    @Test
    void whereAnotherTellsTheReasonTheLogDoesNot() throws Exception {
        Map<String, String> silent =
                Map.of("NEURON_LOG__FAILURES", "false", "NEURON_POOLS__COMMANDS", "[[\"/no/such/thing\"]]");
        try (DaemonProcess daemon = DaemonProcess.listening(folder, silent)) {
            String nothing = "{\"world_size\":1,\"communicator\":\"loopback\",\"command\":[\"/no/such/thing\"]}";
            assertThat(daemon.send("POST", "/pools", nothing).status()).isEqualTo(422);
            daemon.terminate();
            assertThat(daemon.program.exitCode()).isZero();
            assertThat(once(daemon.program.stderr(), "was not created")).endsWith("was not created");
        }
    }

    private static String once(String log, String words) {
        List<String> found = log.lines().filter(line -> line.contains(words)).toList();
        assertThat(found).as(words + " in\n" + log).hasSize(1);
        return found.getFirst();
    }

    @Test
    void theLogSaysThatItsParentIsGone() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.listeningBehind(List.of(), folder, Map.of(), "--stop-on-stdin-eof")) {
            daemon.program.closeStdin();
            assertThat(daemon.program.exitCode()).isZero();
            assertThat(once(daemon.program.stderr(), "stopping"))
                    .contains("since the process that started this daemon is gone");
        }
    }

    @Test
    void aFullDiskCostsTheHistoryUntilThereIsRoomAndNoPool() throws Exception {
        try (SmallFileSystem full = SmallFileSystem.mount(folder.resolve("state"));
                DaemonProcess daemon = DaemonProcess.listening(folder, Map.of())) {
            full.fill();
            daemon.pool(List.of());
            String id = daemon.poolId();
            daemon.program.awaitLog("is not up to date");
            assertThat(daemon.send("POST", "/pools/" + id + "/ping", "").status())
                    .isEqualTo(200);
            assertThat(state(id)).doesNotExist();
            full.makeRoom();
            await().until(() -> Files.exists(state(id)));
            daemon.terminate();
            daemon.program.exitCode();
            once(daemon.program.stderr(), "is not up to date");
        }
    }

    @Test
    void aDiskThatDoesNotAnswerHoldsUpNoPoolAndNoEnd() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("state"));
                DaemonProcess daemon = DaemonProcess.listening(folder, Map.of())) {
            daemon.pool(List.of());
            String id = daemon.poolId();
            assertThat(daemon.send("POST", "/pools/" + id + "/init?wait=30s", "")
                            .status())
                    .isEqualTo(200);
            assertThat(daemon.send("GET", "/pools/" + id, "").status()).isEqualTo(200);
            HttpReply unknown = daemon.send("GET", "/pools/nosuchid", "");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.text()).contains("cannot be read", hung.path().toString(), "within 5 s");
            assertThat(daemon.send("POST", "/pools/" + id + "/shutdown?wait=20s", "")
                            .status())
                    .isEqualTo(200);
            daemon.terminate();
            assertThat(daemon.program.exitCode()).as(daemon.program.stderr()).isZero();
            once(daemon.program.stderr(), "does not answer");
        }
    }

    @Test
    void withoutAFolderTheDaemonSaysSoOnceAndWorks() throws Exception {
        Files.writeString(folder.resolve("state"), "no folder");
        try (DaemonProcess daemon = DaemonProcess.listening(folder, Map.of())) {
            daemon.pool(List.of());
            daemon.program.awaitLog("no history of pools is kept");
            daemon.terminate();
            assertThat(daemon.program.exitCode()).isZero();
            once(daemon.program.stderr(), "history");
        }
    }
}
