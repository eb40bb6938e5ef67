package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.testing.FullPipe;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon and a check whose stderr or stdout is a pipe that is full and that nobody reads. */
@Tag("long")
@Timeout(180)
class UnreadOutputIT {
    @TempDir
    Path folder;

    private static HttpReply ended(DaemonProcess neuron) throws IOException, InterruptedException {
        return neuron.send("POST", "/pools/" + neuron.poolId() + "/shutdown?wait=30s", "");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("run"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aDaemonWhoseStderrIsFullServesCountsAndStops() throws Exception {
        try (DaemonProcess neuron =
                DaemonProcess.listeningBehind(FullPipe.asStderr(folder), folder, Map.of("NEURON_LIMITS__POOLS", "1"))) {
            for (int i = 0; i < 3; i++) {
                // Refused with 429 as long as the one before counts as live.
                neuron.pool(List.of());
                assertThat(ended(neuron).status()).isEqualTo(200);
                assertThat(neuron.send("DELETE", "/pools/" + neuron.poolId(), "")
                                .status())
                        .isEqualTo(200);
            }
            neuron.pool(List.of());
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
            assertThat(neuron.program.stdout()).endsWith("status=stopped");
            assertThat(files()).containsExactly("token");
        }
    }

    @Test
    void aDaemonWhoseStdoutIsFullListensAndStops() throws Exception {
        List<String> command = Programs.concat(FullPipe.asStdout(folder), Programs.neuron(), "--port", "0");
        Map<String, String> environment =
                Map.of("NEURON_RUNTIME_DIR", folder.resolve("run").toString());
        try (ProgramProcess neuron = ProgramProcess.command(environment, command)) {
            RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
            await().atMost(ProgramProcess.LIMIT)
                    .until(() -> Files.isDirectory(runtime.path())
                            && !runtime.liveDaemons().isEmpty());
            neuron.signal("TERM");
            assertThat(neuron.exitCode()).as(neuron.stderr()).isZero();
            assertThat(files()).containsExactly("token");
        }
    }

    @Test
    void aCheckWhoseStderrIsFullStillSaysWhatFailedAndExits() {
        List<String> command = Programs.concat(
                FullPipe.asStderr(folder), Programs.neuron(), "--tp-smoke", "--tp-size=2", "--communicator=loopback");
        Map<String, String> fault = Map.of("NEURON_LOOPBACK_FAULT", "rank=1,at=init,do=die");
        try (ProgramProcess check = ProgramProcess.command(fault, command)) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(check.stdout()).endsWith("status=failed");
        }
    }

    @Test
    void wrongSettingsAreStillExitTwo() {
        List<String> command = Programs.concat(FullPipe.asStderr(folder), Programs.neuron(), "--port", "x");
        try (ProgramProcess neuron = ProgramProcess.command(Map.of(), command)) {
            assertThat(neuron.exitCode()).isEqualTo(ExitCode.USAGE);
        }
    }
}
