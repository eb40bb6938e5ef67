package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("long")
class DaemonBenchIT {
    private final String mark = "BENCH_MARK=" + UUID.randomUUID();
    private final Map<String, String> environment = Map.of("BENCH_MARK", mark.substring(mark.indexOf('=') + 1));

    @Test
    void aPingOverHttpIsMeasuredBesideItsRanksAndARequestThatTouchesNone() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl(
                environment, "bench", "daemon", "--sizes", "3", "--rounds", "50", "--runs", "1", "-o", "json")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            List<JsonNode> lines = bench.stdout().stream()
                    .map(line -> Json.mapper().readTree(line))
                    .toList();
            assertThat(lines)
                    .extracting(line -> line.path("what").asString())
                    .containsExactly("GET /livez", "ping over HTTP", "its ranks", "HTTP / ranks", "memory");
            assertThat(lines.get(1).propertyNames()).doesNotContain("1_to_500_ms", "warm_ms");
            double http = lines.get(1).path("1_to_50_ms").asDouble();
            double ranks = lines.get(2).path("1_to_50_ms").asDouble();
            assertThat(ranks).isPositive().isLessThan(http);
            assertThat(lines.get(3).path("1_to_50").asDouble()).isCloseTo(http / ranks, Offset.offset(1e-6));
            assertThat(lines.get(4).path("resident_mib").asDouble()).isPositive();
        }
        assertThat(Processes.with(mark)).isEmpty();
    }

    @Test
    void figuresThatCannotBeAreUsage() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl(environment, "bench", "daemon", "--rounds", "49")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(bench.stderr()).contains("49", "from 50");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT", "TERM"})
    void itsDaemonEndsWithIt(String signal) {
        try (ProgramProcess bench = ProgramProcess.tpctl(environment, "bench", "daemon", "--rounds", "1000000")) {
            await().atMost(ProgramProcess.LIMIT)
                    .until(() -> Processes.with(mark).size() > 1);
            bench.signal(signal);
            assertThat(bench.exitCode()).isNotZero();
            await().atMost(ProgramProcess.LIMIT)
                    .untilAsserted(() -> assertThat(Processes.with(mark)).isEmpty());
        }
    }
}
