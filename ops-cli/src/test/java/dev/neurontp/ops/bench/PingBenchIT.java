package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("long")
class PingBenchIT {
    /** It answers, and goes on when its input has ended. */
    private static final String WORKER_THAT_IGNORES_EOF = """
            : >"$STARTED"
            while read -r line; do echo '{"op":"pong","rank":1,"world_size":2,"cuda_device":1}'; done
            exec sleep 300
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT", "TERM"})
    void aWorkerThatIgnoresTheEndOfItsInputIsEndedWhenTheBenchIs(String signal) {
        Path started = folder.resolve("started");
        Map<String, String> environment = Map.of("STARTED", started.toString());
        String[] command = {
            "bench", "ping", "--sizes", "2", "--rounds", "10000000", "--", "sh", "-c", WORKER_THAT_IGNORES_EOF, "worker"
        };
        try (ProgramProcess bench = ProgramProcess.tpctl(environment, command)) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(started));
            bench.signal(signal);
            assertThat(bench.exitCode()).isNotZero();
            await().atMost(ProgramProcess.LIMIT)
                    .untilAsserted(() ->
                            assertThat(Processes.with("STARTED=" + started)).isEmpty());
        }
    }

    @Test
    void itMeasuresEachSize() throws Exception {
        try (ProgramProcess bench =
                ProgramProcess.tpctl("bench", "ping", "--sizes", "2,3", "--warmup", "1", "--rounds", "20")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            assertThat(bench.stdout()).hasSize(3);
            assertThat(String.join("\n", bench.stdout()))
                    .contains("world", "p50", "p99")
                    .containsPattern("(?m)^ +3( +[0-9.]+ ms){3} +- +-( +[0-9.]+ ms){2}$");
        }
    }

    @Test
    void theWorkerInCIsMeasuredBesideItAndTheRatioIsSaid() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl(
                "bench", "ping", "--sizes", "3", "--warmup", "0", "--rounds", "600", "--floor", "-o", "json")) {
            Assumptions.assumeTrue(
                    bench.exitCode() != ExitCode.COULD_NOT_RUN
                            || !bench.stderr().contains("no gcc"),
                    "there is no gcc");
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            List<JsonNode> lines = bench.stdout().stream()
                    .map(line -> Json.mapper().readTree(line))
                    .toList();
            assertThat(lines)
                    .extracting(line -> line.path("program").asString())
                    .containsExactly("worker", "C", "worker/C");
            for (String time : List.of("p50", "rounds_1_to_50", "rounds_1_to_500", "spawn_to_pongs", "shutdown")) {
                double ours = lines.get(0).path(time + "_ms").asDouble();
                double least = lines.get(1).path(time + "_ms").asDouble();
                assertThat(ours).as(time).isPositive();
                assertThat(lines.get(2).path(time).asDouble()).as(time).isCloseTo(ours / least, Offset.offset(1e-6));
            }
        }
    }

    @Test
    void aWorkerThatHasToBeEndedIsNamed() throws Exception {
        String script = """
                while read -r line; do
                    case $line in *shutdown*) echo '{"op":"bye"}';; *) echo '{"op":"pong","rank":1,"world_size":2,"cuda_device":1}';; esac
                done
                exec sleep 300
                """;
        try (ProgramProcess bench = ProgramProcess.tpctl(
                "bench",
                "ping",
                "--sizes",
                "2",
                "--warmup",
                "1",
                "--rounds",
                "1",
                "--",
                "sh",
                "-c",
                script,
                "worker")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.FAILED);
            assertThat(bench.stderr()).contains("rank 1 of the pool of 2 did not end in order: ", "SIG");
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
