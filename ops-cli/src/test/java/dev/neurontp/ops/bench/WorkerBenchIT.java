package dev.neurontp.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What one worker costs, beside programs that do next to nothing. Counts and ratios alone: a host that is busy disturbs all of them.
 */
@Tag("long")
class WorkerBenchIT {
    @TempDir
    Path temporary;

    private static final String PONG = "{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":1}";

    /** The guard of what a ping costs our worker: one read, one write, and hardly more than one wake-up. */
    @Test
    void aPingOfOurWorkerTakesOneReadAndOneWriteFromTheFirstOn() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl("bench", "worker", "--runs", "3", "-o", "json")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            List<JsonNode> lines = bench.stdout().stream()
                    .map(line -> Json.mapper().readTree(line))
                    .toList();
            JsonNode floor = lines.getFirst();
            JsonNode worker = lines.getLast();
            assertThat(floor.path("program").asString()).isEqualTo("cat");
            assertThat(floor.path("floor").asBoolean()).isTrue();
            assertThat(worker.path("program").asString()).isEqualTo("worker");
            JsonNode medians = worker.path("medians");
            assertThat(medians.path("reads_and_writes").asDouble()).isBetween(2.0, 2.5);
            assertThat(medians.path("switches").asDouble()).isBetween(0.5, 3.0);
            // 3 to 4 in every run so far. It was 32 when each ping was parsed and each pong built.
            assertThat(worker.path("over_cat").path("pings_1_to_50_us").asDouble())
                    .isBetween(0.1, 20.0);
        }
    }

    @Test
    void severalWorkersAreMeasuredInTurnAndEachHasAColumn() throws Exception {
        String script = "while read -r line; do case $line in *shutdown*) echo '{\"op\":\"bye\"}'; exit;; esac; echo '"
                + PONG + "'; done";
        try (ProgramProcess bench = ProgramProcess.tpctl(
                "bench", "worker", "--runs", "1", "--", "sh", "-c", script, "--", "sh", "-c", script)) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            assertThat(bench.stdout().getFirst()).contains("cat").endsWith("worker 1     worker 2");
            assertThat(bench.stdout()).anyMatch(line -> line.startsWith("shutdown to exit, ms"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void aSignalLeavesNoFolder(String signal) {
        Path started = temporary.resolve("started");
        Map<String, String> environment =
                Map.of("STARTED", started.toString(), "NEURON_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        String script = ": >\"$STARTED\"; while read -r line; do echo '" + PONG + "'; done";
        try (ProgramProcess bench =
                ProgramProcess.tpctl(environment, "bench", "worker", "--runs", "1000000", "--", "sh", "-c", script)) {
            await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(started));
            bench.signal(signal);
            assertThat(bench.exitCode()).isNotZero();
        }
        assertThat(temporary).isDirectoryNotContaining("glob:**/tpctl-bench-*");
    }

    /** After a bye alone it is said that it runs on after its bye. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo '{\"op\":\"pong\",\"x\":1}' | answered shutdown with '{\"op\":\"pong\",\"x\":1}': it is to say {\"op\":\"bye\"}",
                "echo hello; exit | answered shutdown with 'hello'",
                "exit 3 | ended or closed its stdout without a reply to shutdown",
                "exec 1>&-; cat | ended or closed its stdout without a reply to shutdown",
                "cat >/dev/null | was ended, since within 30 s it gave no reply to shutdown",
                "echo '{\"op\" : \"bye\"}'; cat >/dev/null | still ran 30 s after its bye",
            })
    void whatAWorkerDoesAtItsShutdownIsSaid(String then, String words) {
        String script =
                "while read -r line; do case $line in *shutdown*) " + then + ";; *) echo '" + PONG + "';; esac; done";
        try (ProgramProcess bench = ProgramProcess.tpctl("bench", "worker", "--runs", "1", "--", "sh", "-c", script)) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(bench.stderr()).contains(words);
        }
    }

    @Test
    void itsLimitsStandInTheHelp() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl("bench", "worker", "--help")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(String.join(" ", bench.stdout()).replaceAll(" +", " "))
                    .contains(
                            "is pinged 4001 times and has 120 s for it",
                            "has 30 s to end",
                            "tpctl bench ping --rounds N");
        }
    }

    /** Its numbers would be those of the shell, which does nothing. */
    @Test
    void ofAWorkerThatAShellStartsAsItsChildNothingIsSaidThatTheShellDid() throws Exception {
        Path worker = temporary.resolve("worker");
        Files.writeString(
                worker,
                "while read -r line; do case $line in *shutdown*) echo '{\"op\":\"bye\"}'; exit;; esac; echo '" + PONG
                        + "'; done");
        try (ProgramProcess bench = ProgramProcess.tpctl(
                "bench", "worker", "--runs", "2", "-o", "json", "--", "sh", "-c", "sh " + worker + "; true")) {
            assertThat(bench.exitCode()).as(bench.stderr()).isEqualTo(ExitCode.OK);
            JsonNode medians = Json.mapper().readTree(bench.stdout().getLast()).path("medians");
            assertThat(medians.propertyNames())
                    .containsExactlyInAnyOrder(
                            "first_reply_ms", "pings_1_to_50_us", "pings_1_to_500_us", "pings_warm_us", "shutdown_ms");
            assertThat(bench.stderr()).contains("sh starts its worker as a child", "let it exec the worker");
        }
    }

    @Test
    void aProgramThatGivesNoPongIsNamedWithWhatItSaid() throws Exception {
        try (ProgramProcess bench = ProgramProcess.tpctl("bench", "worker", "--", "sh", "-c", "echo hello; cat")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.FAILED);
            assertThat(bench.stderr()).contains("answered a ping with 'hello'", "tpctl conformance run");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "ping"})
    void withJsonAFailureIsAnObject(String measurement) throws Exception {
        try (ProgramProcess bench =
                ProgramProcess.tpctl("bench", measurement, "-o", "json", "--", "sh", "-c", "echo hello; cat")) {
            assertThat(bench.exitCode()).isEqualTo(ExitCode.FAILED);
            JsonNode error = Json.mapper().readTree(bench.stderr()).path("error");
            assertThat(error.path("type").asString()).isEqualTo("failed");
            assertThat(error.path("command").asString()).isEqualTo("tpctl bench " + measurement);
            assertThat(error.path("message").asString()).contains("hello");
        }
    }
}
