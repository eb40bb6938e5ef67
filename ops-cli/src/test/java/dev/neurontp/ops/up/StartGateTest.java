package dev.neurontp.ops.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which pools are stopped by what doctor knows against them. */
class StartGateTest {
    private static final StartGate.Obstacles SHM = (size, _) -> List.of("D11 shm: too small for " + size);

    private static UpOptions options(Optional<String> communicator, Optional<Path> config) {
        PoolRequest pool = new PoolRequest(
                Optional.empty(),
                Map.of(),
                4,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                communicator,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        return new UpOptions(pool, config, Optional.empty(), Duration.ofSeconds(1), false);
    }

    @Test
    void aPoolOverNcclIsStoppedWithEveryReason() {
        assertThatThrownBy(() -> StartGate.pass(options(Optional.of("nccl"), Optional.empty()), Map.of(), SHM))
                .isInstanceOfSatisfying(CommandException.class, stopped -> {
                    assertThat(stopped.exitCode()).isEqualTo(ExitCode.FAILED);
                    assertThat(stopped).hasMessageContaining("D11 shm: too small for 4");
                    assertThat(stopped.next()).contains("tpctl doctor --size 4", "--skip-doctor");
                });
    }

    @Test
    void theDefaultIsNccl() {
        assertThatThrownBy(() -> StartGate.pass(options(Optional.empty(), Optional.empty()), Map.of(), SHM))
                .isInstanceOf(CommandException.class);
    }

    @Test
    void aPoolOverLoopbackIsNot(@TempDir Path folder) throws InterruptedException, IOException {
        StartGate.pass(options(Optional.of("loopback"), Optional.empty()), Map.of(), SHM);
        Path config = Files.writeString(folder.resolve("neuron.toml"), "[pools]\ncommunicator = \"loopback\"\n");
        StartGate.pass(options(Optional.empty(), Optional.of(config)), Map.of(), SHM);
        StartGate.pass(options(Optional.empty(), Optional.empty()), Map.of("NEURON_CONFIG", config.toString()), SHM);
    }

    @Test
    void wrongSettingsAreLeftToTheDaemon(@TempDir Path folder) throws InterruptedException {
        StartGate.pass(options(Optional.empty(), Optional.of(folder.resolve("none.toml"))), Map.of(), SHM);
    }

    @Test
    void nothingIsStoppedWhereNothingIsKnown() throws InterruptedException {
        StartGate.pass(options(Optional.of("nccl"), Optional.empty()), Map.of(), (_, _) -> List.of());
    }
}
