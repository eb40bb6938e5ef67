package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.TpctlProcess;
import dev.neurontp.ops.console.ExitCode;
import org.junit.jupiter.api.Test;

class PingBenchIT {
    @Test
    void itMeasuresEachSize() throws Exception {
        try (TpctlProcess bench =
                TpctlProcess.tpctl("bench", "ping", "--sizes", "2,3", "--warmup", "1", "--rounds", "20")) {
            assertThat(bench.exitCode()).as(bench.err()).isEqualTo(ExitCode.OK);
            assertThat(bench.out().lines()).hasSize(3);
            assertThat(bench.out()).contains("world", "p50", "p99").containsPattern("(?m)^ +3 +[0-9.]+ ms");
        }
    }

    @Test
    void aWorkerThatCannotBeStartedIsUsage() throws Exception {
        try (TpctlProcess bench = TpctlProcess.tpctl("bench", "ping", "--", "/no/such/worker")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(bench.err()).contains("/no/such/worker");
        }
    }
}
