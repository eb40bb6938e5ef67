package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.neurontp.harness.api.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The log of the packaged daemon: its level, its format, and who changed what. */
@Tag("long")
class DaemonLogIT {
    private static final String AUDIT = "audit";

    @TempDir
    private Path folder;

    @Test
    void eachChangeIsOneLineWithWhoWhatAndTheResult() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_LOG__LEVEL", "error"))) {
            neuron.pool(List.of());
            String id = neuron.poolId();
            neuron.send("GET", "/pools/" + id, "");
            assertThat(neuron.send("POST", "/pools/" + id + "/sanity", "", "of somebody else")
                            .status())
                    .as("who may not change anything fills no log")
                    .isEqualTo(401);
            neuron.send("POST", "/pools/" + id + "/sanity?wait=20s", "");
            neuron.send("POST", "/pools/" + id + "/shutdown?wait=20s", "");
            neuron.program.awaitLog("/shutdown?wait=20s by token");
            assertThat(neuron.program.stderr().lines())
                    .as("nothing but the audit at that level")
                    .allMatch(line -> line.contains(" INFO audit - "));
            assertThat(neuron.program.stderr().lines().map(line -> line.replaceFirst(".* - ", "")))
                    .satisfiesExactly(
                            line -> assertThat(line)
                                    .matches("POST /pools\\?wait=30s by token from 127\\.0\\.0\\.1 port \\d+"
                                            + ", Java-http-client/.*: 201 /pools/" + id),
                            line -> assertThat(line)
                                    .contains("POST /pools/" + id + "/sanity?wait=20s by token")
                                    .endsWith(": 409"),
                            line -> assertThat(line)
                                    .contains("/shutdown?wait=20s by token")
                                    .contains(": 200"));
        }
    }

    @Test
    void forAProgramEveryLineIsAnObject() throws Exception {
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_LOG__FORMAT", "json"))) {
            neuron.send("POST", "/pools", "{}");
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stderr().lines()).hasSizeGreaterThan(2).allSatisfy(line -> {
                JsonNode record = Json.mapper().readTree(line);
                assertThat(record.get("level").stringValue()).isIn("info", "warn");
                assertThat(record.get("message").stringValue()).isNotBlank();
            });
            assertThat(neuron.program.stderr().lines())
                    .anyMatch(line -> Json.mapper()
                            .readTree(line)
                            .get("logger")
                            .stringValue()
                            .equals(AUDIT));
        }
    }

    /** As systemd starts it: the variable names the device and inode of stderr. A child with another stderr is not fooled. */
    @Test
    void inTheJournalLinesHaveAPriorityAndNoTime() throws Exception {
        List<String> asSystemd =
                List.of("sh", "-c", "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec \"$@\"", "sh");
        try (DaemonProcess neuron = DaemonProcess.listeningBehind(asSystemd, folder, Map.of())) {
            assertThat(neuron.program.stderr().lines())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("<[34567]>\\w+ - .*"));
        }
        Files.delete(folder.resolve("run/token"));
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("JOURNAL_STREAM", "8:4711"))) {
            assertThat(neuron.program.stderr().lines()).isNotEmpty().allMatch(line -> line.matches("\\d{4}-.* - .*"));
        }
    }

    @Test
    void theLevelChangesWhileItRuns() throws Exception {
        Path config = Files.writeString(folder.resolve("neuron.toml"), "log.level = \"error\"\n");
        try (DaemonProcess neuron = DaemonProcess.listening(folder, Map.of("NEURON_CONFIG", config.toString()))) {
            assertThat(neuron.program.stderr()).isEmpty();
            Files.writeString(config, "log.level = \"info\"\nlog.format = \"json\"\n");
            assertThat(neuron.send("POST", "/reload", "").status()).isEqualTo(200);
            neuron.program.awaitLog("POST /reload by token");
            assertThatCode(() -> neuron.program.stderr().lines().forEach(Json.mapper()::readTree))
                    .doesNotThrowAnyException();
        }
    }
}
