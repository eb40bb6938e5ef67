package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command without a daemon has started ends with it, also what ignores the end of its input, whatever ended the command. */
@Tag("long")
class KilledCommandIT {
    /** It ignores whatever a program can ignore. */
    private static final String STAYS = "trap '' HUP INT TERM; : >\"$STARTED\"; while :; do sleep 300; done";

    @TempDir
    Path folder;

    private Path started;

    private ProgramProcess started(List<String> command) {
        return started(command, Map.of());
    }

    private ProgramProcess started(List<String> command, Map<String, String> more) {
        started = folder.resolve("started");
        Map<String, String> environment = new HashMap<>(more);
        environment.put("STARTED", started.toString());
        ProgramProcess program = ProgramProcess.command(environment, command);
        await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(started));
        return program;
    }

    private void expectNothingLeft() {
        await().atMost(ProgramProcess.LIMIT)
                .untilAsserted(
                        () -> assertThat(Processes.with("STARTED=" + started)).isEmpty());
    }

    private static List<String> tpctl(String... words) {
        return Programs.interruptible(Programs.concat(List.of(Programs.tpctl()), words));
    }

    @Test
    void aValidationThatIsKilledLeavesNoWorker() {
        List<String> command =
                tpctl("validate", "--communicator", "loopback", "-n", "2", "--", "sh", "-c", STAYS, "worker");
        try (ProgramProcess validate = started(command)) {
            validate.signal("KILL");
            expectNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT", "TERM", "HUP"})
    void aLookAtHostsThatIsEndedLeavesNoLauncher(String signal) throws Exception {
        Path settings = Files.writeString(folder.resolve("neuron.toml"), """
                [launchers.stays]
                preset = "exec"
                start = ["sh", "-c", '''%s''']
                """.formatted(STAYS));
        List<String> command =
                tpctl("preflight", "--hosts", "far:0", "--launcher", "stays", "--config", settings.toString());
        try (ProgramProcess preflight = started(command)) {
            preflight.signal(signal);
            expectNothingLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"dmesg, doctor, KILL", "dmesg, doctor, TERM", "scontrol, preflight --hosts slurm --launcher slurm, TERM"
    })
    void aProgramOfTheHostThatHangsGoesWithWhoeverHasAskedIt(String name, String asks, String signal) throws Exception {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + STAYS + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Map<String, String> first =
                Map.of("PATH", folder + ":" + System.getenv("PATH"), "SLURM_JOB_NODELIST", "gpu-[1-2]");
        try (ProgramProcess command = started(tpctl(asks.split(" ")), first)) {
            command.signal(signal);
            expectNothingLeft();
        }
    }

    @Test
    void aSigkillToTheGroupOfABenchLeavesNoWorker() throws Exception {
        List<String> command = Programs.concat(
                List.of("setsid"),
                tpctl("bench", "ping", "--sizes", "2", "--", "sh", "-c", STAYS, "worker")
                        .toArray(String[]::new));
        try (ProgramProcess bench = started(command)) {
            assertThat(new ProcessBuilder("kill", "-KILL", "--", "-" + bench.pid())
                            .start()
                            .waitFor())
                    .isZero();
            expectNothingLeft();
        }
    }
}
