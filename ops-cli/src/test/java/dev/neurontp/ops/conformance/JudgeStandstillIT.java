package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a right worker where the judge itself is stopped for longer than a worker may take, as by Ctrl-Z. */
@Tag("long")
@Timeout(180)
class JudgeStandstillIT {
    /** Stops the judge before the request with that number reaches the worker, and lets it go on long after the reply. */
    private static final String WRAPPER = """
            stopped=$1
            shift
            while IFS= read -r line; do
                [ $((stopped -= 1)) != 0 ] || { kill -STOP $PPID; (sleep 3; kill -CONT $PPID) & }
                printf '%s\\n' "$line"
            done | exec "$@"
            """;

    /** Which request it is: two of the handshake, and one of a worker with a past. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "5"})
    void itIsAccusedOfNothing(String stopped) throws Exception {
        List<String> command = List.of(
                Programs.tpctl(),
                "conformance",
                "run",
                "--stage=7a-i",
                "--only=O9",
                "--jobs=1",
                "--timeout=1s",
                "--start-timeout=2s",
                "--",
                "sh",
                "-c",
                WRAPPER,
                "sh",
                stopped,
                Programs.neuron(),
                "--communicator=loopback");
        try (ProgramProcess tpctl = ProgramProcess.command(Map.of(), command).closeStdin()) {
            assertThat(tpctl.exitCode()).as(tpctl.stderr()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(String.join("\n", tpctl.stdout()))
                    .contains("the judge failed, not the worker: it stood still for ")
                    .doesNotContain("FAILED  ");
        }
    }
}
