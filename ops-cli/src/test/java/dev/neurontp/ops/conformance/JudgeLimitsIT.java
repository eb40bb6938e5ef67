package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a right worker where the judge's own limits are lowered while it runs: workers inherit them. */
@Tag("long")
@Timeout(180)
class JudgeLimitsIT {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"fsize=1048576, -f, 3000, Max file size from ", "nofile=40, -n, 100, Max open files from "})
    void itIsAccusedOfNothing(String limit, String option, String least, String words) throws Exception {
        // Its first process lowers a limit of the judge. Those after it have less than they need, and say so by their
        // end.
        Path report = folder.resolve("report");
        List<String> command = List.of(
                Programs.tpctl(),
                "conformance",
                "run",
                "--stage=7a-i",
                "--tries=5",
                "--only=F1,A3,L2",
                "--report",
                report.toString(),
                "--",
                "sh",
                "-c",
                "has=$(ulimit \"$1\") && prlimit --pid \"$PPID\" --\"$0\" && least=$2 && shift 2"
                        + " && { [ \"$has\" = unlimited ] || [ \"$has\" -gt \"$least\" ]; } && exec \"$@\"",
                limit,
                option,
                least,
                Programs.neuron(),
                "--communicator=loopback");
        try (ProgramProcess tpctl = ProgramProcess.command(Map.of(), command).closeStdin()) {
            assertThat(tpctl.exitCode()).as(tpctl.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(String.join("\n", tpctl.stdout()))
                    .contains("the judge failed, not the worker: its limits", words)
                    .doesNotContain("FAILED  ");
            assertThat(Files.readString(report.resolve("report.json"))).contains("the judge failed, not the worker");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 44, 50})
    void tooFewDescriptorsOfItsOwnAreNoFaultOfTheCommand(int most) throws Exception {
        List<String> command = List.of(
                "sh",
                "-c",
                "ulimit -n $0 && exec \"$@\"",
                Integer.toString(most),
                Programs.tpctl(),
                "conformance",
                "run",
                "--stage=7a-i",
                "--tries=1",
                "--only=L1",
                "--",
                Programs.neuron(),
                "--communicator=loopback");
        try (ProgramProcess tpctl = ProgramProcess.command(Map.of(), command).closeStdin()) {
            assertThat(tpctl.exitCode()).as(tpctl.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(String.join("\n", tpctl.stdout()))
                    .contains("the judge failed, not the worker", "open files (ulimit -a")
                    .doesNotContain("fix the worker's command");
        }
    }

    /** A judge without a descriptor cannot look for what a worker left behind: that is no pass. */
    @Test
    void itPassesNobodyWhomItCouldNotSee() throws Exception {
        Path left = folder.resolve("left");
        List<String> command = List.of(
                Programs.tpctl(),
                "conformance",
                "run",
                "--stage=7a-i",
                "--tries=1",
                "--only=L1",
                "--",
                "sh",
                "-c",
                "\"$@\"; prlimit --pid \"$PPID\" --nofile=3:; sleep 300 </dev/null >/dev/null 2>&1 & echo $! >>\"$0\"",
                left.toString(),
                Programs.neuron(),
                "--communicator=loopback");
        try (ProgramProcess tpctl = ProgramProcess.command(Map.of(), command).closeStdin()) {
            assertThat(tpctl.exitCode()).as(tpctl.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(String.join("\n", tpctl.stdout()))
                    .contains("it cannot be seen what the worker left behind: /proc")
                    .doesNotContain("PASSED  ", "FAILED  ");
        }
        // The guard of the judge ends what the judge could not see.
        for (String pid : Files.readAllLines(left)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(
                                    ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive))
                            .isEmpty());
        }
    }
}
