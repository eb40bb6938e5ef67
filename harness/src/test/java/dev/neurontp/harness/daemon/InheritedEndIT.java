package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.testing.Processes;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that has started no pool runs the end commands of one that has died. */
@Timeout(120)
class InheritedEndIT {
    private static final DaemonFile DEAD = new DaemonFile(
            1, 40_000_000, 1, ProcessIdentity.thisBoot(), "http://x", "/t", "1", Instant.EPOCH, List.of(), null);

    @TempDir
    Path folder;

    @Test
    void aSigkillLeavesNoneOfThem() throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        EndCommand hangs = new EndCommand(List.of("sh", "-c", "sleep 614; :"), true, Optional.empty(), List.of());
        assertThat(new WorkerLedger(runtime, DEAD)
                        .place(
                                "abc",
                                List.of(PlacedRank.starting(
                                        "abc",
                                        0,
                                        "far",
                                        "node-1",
                                        "node-1",
                                        0,
                                        false,
                                        Duration.ofMinutes(2),
                                        Optional.of(hangs),
                                        Optional.empty()))))
                .isEmpty();
        String mark = "NEURONTP_TEST_MARK=" + UUID.randomUUID();
        try (DaemonProcess neuron =
                DaemonProcess.listening(folder, Map.of(mark.split("=", 2)[0], mark.split("=", 2)[1]))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Processes.with(mark).stream()
                            .anyMatch(process -> process.commandLine().startsWith("sleep 614")));
            neuron.program.signal("KILL");
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(Processes.with(mark)).isEmpty());
        } finally {
            Processes.with(mark).forEach(Processes.Running::kill);
        }
    }
}
