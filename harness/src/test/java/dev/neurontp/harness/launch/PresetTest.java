package dev.neurontp.harness.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.process.EndCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the presets claim of the ends of what they start. */
class PresetTest {
    @Test
    void onlyAnEngineThatHasSeenTheEndProvesIt() {
        Map<String, Boolean> proves = new TreeMap<>();
        for (String name : Preset.names()) {
            end(name).ifPresent(end -> proves.put(name, end.proves()));
        }
        assertThat(proves).isEqualTo(Map.of("docker", true, "podman", true, "slurm", false));
    }

    /** The words of Docker 20.10 and 28, and of Podman 4. */
    @ParameterizedTest
    @CsvSource({
        "docker, Error: No such container: neuron-p-1",
        "docker, Error response from daemon: No such container: neuron-p-1",
        "podman, Error: no container with name or ID \"neuron-p-1\" found: no such container",
        "podman, Error: no such container neuron-p-1"
    })
    void whatIsNotThereAnyMoreHasEnded(String preset, String said) {
        assertThat(absent(preset, said)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "docker, Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
        "docker, Error response from daemon: removal of container neuron-p-1 is already in progress",
        "docker, Error response from daemon: could not kill: tried to kill container but did not receive an exit event",
        "podman, Error: unable to connect to Podman socket: dial unix /run/podman/podman.sock: connect: connection refused",
        "docker, Error response from daemon: No such container: somebody-else",
        "docker, Error response from daemon: No such container: neuron-p-10",
        "docker, Cannot connect to the Docker daemon: there is no such container runtime: neuron-p-1",
        "docker, Error response from daemon: No such container runtime for neuron-p-1",
        "podman, Error: no container with name or ID \"neuron-p-10\" found: no such container",
        "podman, Error: no such container",
        "podman, Error: cannot remove container as it could not be stopped: given PID did not die within timeout"
    })
    void whoeverCannotSayHasSaidNothing(String preset, String said) {
        assertThat(absent(preset, said)).isFalse();
    }

    /** What Slurm's programs say, by programs of their names. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo '7.0:neuron-p-1'; echo '7.1:neuron-p-2' | true | 0 | 7.0",
                "echo '7.0:neuron-p-1' | echo no controller >&2; exit 1 | 1 | 7.0",
                "echo '7.0:neuron-p-1'; echo '7.1:neuron-p-1' | [ $1 != 7.0 ] | 1 | 7.0",
                "echo slurmctld is not there >&2; exit 1 | true | 1 | ''",
                "true | true | 1 | ''",
                "echo '7.0:neuron-p-10' | true | 1 | ''"
            })
    void slurmSaysYesOnlyWhereAStepWasToldToEnd(
            String squeue, String scancel, int code, String told, @TempDir Path folder) throws Exception {
        program(folder.resolve("squeue"), squeue);
        program(folder.resolve("scancel"), "echo \"$1\" >>'" + folder.resolve("told") + "'; " + scancel);
        Files.createFile(folder.resolve("told"));
        ProcessBuilder builder = new ProcessBuilder(ended("slurm").words()).redirectErrorStream(true);
        builder.environment().merge("PATH", folder + ":", (path, first) -> first + path);
        Process end = builder.start();
        String said = new String(end.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(end.waitFor()).as(said).isEqualTo(code);
        assertThat(folder.resolve("told")).content().isEqualToIgnoringWhitespace(told);
        // That there is none is known only where Slurm has answered.
        assertThat(ended("slurm").absent().orElseThrow().matcher(said).find())
                .as(said)
                .isEqualTo(code != 0 && told.isEmpty() && !squeue.contains("slurmctld"));
    }

    private static void program(Path file, String script) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static EndCommand ended(String preset) {
        Launcher launcher = new Launcher(
                preset, List.of(), false, Set.of(), List.of(), Map.of(), end(preset), false, Map.of("program", preset));
        return launcher.end(Map.of("name", "neuron-p-1", "job", "7")).orElseThrow();
    }

    private static boolean absent(String preset, String said) {
        return ended(preset)
                .absent()
                .orElseThrow()
                .matcher("WARNING: a line before\n" + said + "\n")
                .find();
    }

    private static Optional<EndWords> end(String preset) {
        return Preset.named(preset).end();
    }
}
