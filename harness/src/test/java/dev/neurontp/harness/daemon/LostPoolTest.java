package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.testing.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A daemon whose workers are behind a launcher that is killed: everything that it tells says that they are lost. */
class LostPoolTest {
    private final String mark = "NEURONTP_TEST_MARK=" + UUID.randomUUID();

    @TempDir
    Path folder;

    @AfterEach
    void endTheWorkers() {
        Processes.with(mark).forEach(Processes.Running::kill);
    }

    @Test
    void nothingCallsAWorkerGoneThatOutlivesItsLauncher() throws Exception {
        List<String> command = launched();
        try (TestDaemon daemon = daemon(command)) {
            pool(daemon, command);
            assertThat(daemon.daemon.stop()).as("while it lives, in order").isTrue();
            assertThat(Processes.with(mark)).isEmpty();
        }
        try (TestDaemon daemon = daemon(command)) {
            String id = pool(daemon, command);
            ProcessHandle.of(
                            daemon.get("/pools/" + id).json().at("/ranks/1/pid").longValue())
                    .orElseThrow()
                    .destroyForcibly();
            await().until(() -> !daemon.get("/pools/" + id).json().get("ended").isNull());
            assertThat(Processes.with(mark)).isNotEmpty();
            JsonNode pool = daemon.get("/pools/" + id).json();
            assertThat(pool.get("state").stringValue()).isEqualTo("failed");
            assertThat(pool.at("/ranks/1/state").stringValue()).isEqualTo("lost");
            assertThat(pool.at("/ranks/1/end/gone").booleanValue()).isFalse();
            assertThat(pool.at("/ranks/1/end/lost").booleanValue()).isTrue();
            assertThat(pool.at("/ranks/1/end/text").stringValue()).contains("lost: the command has ended");
            assertThat(daemon.get("/metrics").text()).contains("neuron_ranks_lost_total{host=\"\"} 2.0");
            String events =
                    daemon.get("/pools/" + id + "/events?since=0&follow=false").text();
            assertThat(events).contains("\"rank_ended\"", "\"lost\":true").doesNotContain("\"gone\":true");

            HttpReply forgotten = daemon.delete("/pools/" + id);
            assertThat(forgotten.json().at("/result/gone").booleanValue()).isFalse();
            assertThat(daemon.get("/pools").text()).doesNotContain(id);
            // The only trace of a worker that may live; a thread of its own writes it down.
            await().until(() -> daemon.get("/pools?all=true").text().contains(id));
            assertThat(daemon.daemon.stop()).isFalse();
            try (Stream<Path> files = Files.list(daemon.daemon.folder().path())) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .as("for the next start to look after them")
                        .anyMatch(name -> name.startsWith("workers-"));
            }
        }
    }

    private TestDaemon daemon(List<String> command) throws Exception {
        return TestDaemon.start(
                folder,
                settings -> settings.with(DaemonSettings.COMMANDS, List.of(command))
                        .with(DaemonSettings.COMMANDS_ARE_WORKERS, false));
    }

    private static String pool(TestDaemon daemon, List<String> command) throws Exception {
        HttpReply created = daemon.post("/pools?wait=30s", "{\"world_size\":2,\"command\":" + Json.text(command) + "}");
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        return created.json().get("id").stringValue();
    }

    private List<String> launched() throws Exception {
        Path launcher = Path.of(getClass().getResource("/launcher.sh").toURI());
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString(), folder.toString(), mark));
        command.addAll(TestDaemon.command("none"));
        return command;
    }
}
