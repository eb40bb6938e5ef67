package dev.neurontp.ops.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.ops.CommandResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A settings file is read by a command and by its daemon after it. */
@Timeout(60)
class SettingsFileTest {
    @TempDir
    Path folder;

    private Path pipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    @Test
    void whatCanBeReadOnlyOnceIsRefused() throws Exception {
        Path pipe = pipe();
        assertThatThrownBy(() -> SettingsFile.of(Optional.of(pipe), Map.of()))
                .hasMessageContaining("the settings file " + pipe + " is a pipe or a device");
        assertThatThrownBy(() -> SettingsFile.of(Optional.empty(), Map.of("NEURON_CONFIG", "/dev/zero")))
                .hasMessageContaining("/dev/zero");
    }

    @Test
    void aFileIsTakenAndWhatIsWrongWithItIsToldByWhoeverReadsIt() throws Exception {
        Path file = Files.createFile(folder.resolve("neuron.toml"));
        assertThat(SettingsFile.of(Optional.of(file), Map.of())).contains(file);
        assertThat(SettingsFile.of(Optional.empty(), Map.of("NEURON_CONFIG", "none")))
                .contains(Path.of("none"));
        assertThat(SettingsFile.of(Optional.empty(), Map.of("NEURON_CONFIG", " ")))
                .isEmpty();
    }

    /** Whoever opens it would wait for a writer. */
    @Test
    void neitherCommandWaitsForAWriter() throws Exception {
        String config = "--config=" + pipe();
        RuntimeFolder daemons = RuntimeFolder.at(folder.resolve("run"));
        assertThat(CommandResult.tpctl(daemons, "up", "-d", "--communicator", "loopback", config)
                        .code())
                .isEqualTo(2);
        assertThat(CommandResult.tpctl(daemons, "preflight", "--hosts", "a:0", "--launcher", "ssh", config)
                        .code())
                .isEqualTo(2);
    }
}
