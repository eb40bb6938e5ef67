package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program whose Java has no heap left says in its own words that it is so, and what helps. */
@Timeout(120)
class FullHeapIT {
    /** To whatever it is asked. */
    private static final String LARGE_REPLIES =
            "while read -r line; do head -c 15000000 /dev/zero | tr '\\0' a; echo; done";

    @TempDir
    private Path folder;

    @Test
    void theJudgeBlamesItsHeapAndNotTheWorker() {
        List<String> command = List.of(
                Programs.tpctl(), "conformance", "run", "--max-time=60s", "--", "sh", "-c", LARGE_REPLIES, "-Xmx7g");
        try (ProgramProcess judge = ProgramProcess.command(Map.of("NEURON_JAVA_OPTS", "-Xmx20m"), command)
                .closeStdin()) {
            assertThat(judge.exitCode()).as(judge.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(judge.stderr())
                    .contains(
                            "tpctl conformance: the judge failed, not the worker: its heap of 20m is full",
                            "What filled it was not seen",
                            "(--jobs 1), or give it more, by -Xmx in NEURON_JAVA_OPTS\n");
        }
    }

    /** It has given itself another name by then, which the words are not looked up by. */
    @Test
    void soDoesTheDaemon() {
        Map<String, String> environment = Map.of("NEURON_JAVA_OPTS", "-Xmx5m", "NEURON_RUNTIME_DIR", folder.toString());
        try (ProgramProcess daemon = ProgramProcess.neuron(environment, "--port=0", "--stop-on-stdin-eof")) {
            assertThat(daemon.exitCode()).as(daemon.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(daemon.stderr()).contains("neuron: its heap").contains(" is full: give it more, by -Xmx");
            assertThat(daemon.stdout()).isEmpty();
        }
    }
}
