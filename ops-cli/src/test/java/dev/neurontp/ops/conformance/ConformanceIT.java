package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/tpctl conformance} as people and their CI call it, against this project's own worker too. */
@Tag("long")
final class ConformanceIT {

    private static final String NEURON = Programs.neuron();

    @TempDir
    private Path folder;

    /** By every rule, but with a group: the container's test does that. */
    @ParameterizedTest
    @CsvSource({"--stage,7a-i,7a-i,*", "--communicator,nccl,,*", "--communicator,loopback,7a-ii,S*"})
    void ourWorkerPassesEveryMustAndShould(String option, String value, String stage, String rules) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("run", "--strict", "--tries", "20", "--seed", "1", "--only", rules));
        if (stage != null) {
            arguments.addAll(List.of("--stage", stage));
        }
        arguments.addAll(List.of("--", NEURON, option, value));
        try (ProgramProcess tpctl = conformance(arguments)) {
            tpctl.awaitLine("PASSED");
            assertThat(tpctl.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/cat", "sleep 1000", "nosuch"})
    void whatIsNoWorkerEndsWithThree(String command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "--"));
        arguments.addAll(List.of(command.split(" ")));
        try (ProgramProcess tpctl = conformance(arguments)) {
            tpctl.awaitLine("seen");
            assertThat(tpctl.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void listAndExplainTellAboutRules() throws Exception {
        try (ProgramProcess tpctl = conformance(List.of("list"))) {
            assertThat(tpctl.awaitLine("F10s")).contains("SHOULD", "all stages");
            assertThat(tpctl.exitCode()).isZero();
        }
        try (ProgramProcess tpctl = conformance(List.of("explain", "f2"))) {
            tpctl.awaitLine("why");
            tpctl.awaitLine("F2.inside");
            tpctl.awaitLine("F2.always");
            assertThat(tpctl.exitCode()).isZero();
        }
    }

    @Test
    void ctrlCReportsWhatThereIsAndLeavesNoWorker() throws Exception {
        Path report = folder.resolve("report");
        List<ProcessHandle> workers;
        try (ProgramProcess tpctl = conformance(List.of(
                "run",
                "--tries",
                "100000",
                "--trace",
                "--report",
                report.toString(),
                "--",
                NEURON,
                "--stage",
                "7a-i"))) {
            tpctl.awaitLine("begins F2.anywhere");
            workers = ProcessHandle.of(tpctl.pid()).orElseThrow().descendants().toList();
            tpctl.signal("INT");
            assertThat(tpctl.awaitLine("missing:")).contains("interrupted");
            tpctl.awaitLine("INTERRUPTED");
            assertThat(tpctl.exitCode()).isEqualTo(130);
        }
        assertThat(workers).isNotEmpty();
        // Among them is the guard of the workers, which ends once it has seen that the judge is gone.
        for (ProcessHandle process : workers) {
            process.onExit().get(20, TimeUnit.SECONDS);
        }
        assertThat(Files.readString(report.resolve("report.json"))).contains("\"stopped\" : \"interrupted\"");
    }

    @Test
    void aFailureIsInTheReportAndInTheExitCode() throws Exception {
        Path report = folder.resolve("report");
        Path known = folder.resolve("known");
        String worker = "exec '" + NEURON + "' --stage 7a-i \"$@\" | sed -u 's/:/: /g'";
        try (ProgramProcess tpctl = conformance(List.of(
                "run",
                "--strict",
                "--only",
                "F1s",
                "--report",
                report.toString(),
                "--write-known-failures",
                known.toString(),
                "--",
                "/bin/sh",
                "-c",
                worker,
                "sh"))) {
            tpctl.awaitLine("F1s.always");
            assertThat(tpctl.exitCode()).isEqualTo(1);
        }
        assertThat(Files.readString(known)).contains("F1s F1s.always white space stands around or between the tokens");
        assertThat(report.resolve("junit.xml")).exists();
    }

    private static ProgramProcess conformance(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("conformance"));
        all.addAll(arguments);
        return ProgramProcess.tpctl(all.toArray(String[]::new));
    }
}
