package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.FullPipe;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge whose stdout nobody reads, as where a CI system's log stands still: its reports need no reader. */
@Tag("long")
@Timeout(180)
class UnreadJudgeIT {
    /** Says that it was asked, by a file. */
    private static final String WORKER = ": >\"$0\"; exec \"$@\"";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"TERM, 15", "INT, 2", "HUP, 1"})
    void aSignalEndsItWithAllReports(String signal, int number) {
        try (ProgramProcess judge = judge("--trace")) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(folder.resolve("asked")));
            judge.signal(signal);
            assertThat(judge.exitCode()).isEqualTo(ExitCode.signal(number));
            assertThat(judge.stderr()).doesNotContain("could not be finished");
        }
        assertThat(report()).exists();
    }

    /** It waits for its reader then, but not against a signal. */
    @Test
    void itsReportsAreThereBeforeAnybodyHasReadWhatItPrints() throws Exception {
        try (ProgramProcess judge = judge("--only=F11")) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(report("annotations.txt")));
            assertThat(Files.readString(report())).contains("\"passed\"");
            judge.signal("TERM");
            assertThat(judge.exitCode()).isEqualTo(ExitCode.signal(15));
            assertThat(judge.stderr()).doesNotContain("could not be finished");
        }
    }

    @ParameterizedTest
    @CsvSource({"--only=F*, 3s", "--only=F11, 15s"})
    void theTimeForTheRunBoundsItsReaderToo(String only, String time) {
        try (ProgramProcess judge = judge(only, "--max-time=" + time)) {
            assertThat(judge.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(judge.stderr()).contains("nobody reads stdout");
        }
        assertThat(report()).exists();
    }

    private Path report() {
        return report("report.json");
    }

    private Path report(String name) {
        return folder.resolve("report").resolve(name);
    }

    private ProgramProcess judge(String... options) {
        List<String> command =
                Programs.concat(FullPipe.asStdout(folder), Programs.tpctl(), "conformance", "run", "--stage=7a-i");
        command = Programs.concat(command, options);
        command = Programs.concat(
                command,
                "--report=" + folder.resolve("report"),
                "--",
                "sh",
                "-c",
                WORKER,
                folder.resolve("asked").toString(),
                Programs.neuron(),
                "--communicator=loopback");
        return ProgramProcess.command(Map.of(), Programs.interruptible(command)).closeStdin();
    }
}
