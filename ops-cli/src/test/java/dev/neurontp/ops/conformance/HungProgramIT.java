package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.HungFileSystem;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's program on a file system that answers nothing: the judge says so, and ends. */
@Tag("long")
class HungProgramIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void itIsNotJudgedAndTheReasonIsNamed() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"));
                ProgramProcess judge = judge(hung)) {
            assertThat(judge.exitCode(LIMIT)).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(String.join("\n", judge.stdout())).contains("has answered nothing for 10 s");
        }
    }

    @Test
    void aSignalEndsIt() throws Exception {
        try (HungFileSystem hung = HungFileSystem.mount(folder.resolve("hung"));
                ProgramProcess judge = judge(hung)) {
            judge.line(); // the seed
            judge.signal("TERM");
            assertThat(judge.exitCode(LIMIT)).isEqualTo(143);
        }
    }

    private ProgramProcess judge(HungFileSystem hung) {
        return ProgramProcess.tpctl(
                Map.of(),
                "conformance",
                "run",
                "--report",
                folder.resolve("report").toString(),
                "--",
                hung.path().resolve("worker").toString());
    }
}
