package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import org.junit.jupiter.api.Test;

class PingBenchIT {
    @Test
    void itMeasuresEachSize() throws Exception {
        try (ProgramProcess bench =
                ProgramProcess.tpctl("bench", "ping", "--sizes", "2,3", "--warmup", "1", "--rounds", "20")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            assertThat(bench.stdout()).hasSize(3);
            assertThat(String.join("\n", bench.stdout()))
                    .contains("world", "p50", "p99")
                    .containsPattern("(?m)^ +3 +[0-9.]+ ms");
        }
    }

    @Test
    void aWorkerThatCannotBeStartedIsUsage() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl("bench", "ping", "--", "/no/such/worker")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(bench.stderr()).contains("/no/such/worker");
        }
    }
}
