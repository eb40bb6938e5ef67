package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/ci-judge} where the host is in its way, beside a {@code tpctl} that only exits. */
class CiJudgeIT {
    @TempDir
    Path folder;

    private Path judge;
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void makeAJudge() throws IOException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        judge = Files.copy(Programs.root().resolve("bin/ci-judge"), bin.resolve("ci-judge"));
        Path tpctl = Files.writeString(bin.resolve("tpctl"), """
                #!/bin/sh
                : >"$STARTED"
                [ -z "$STAYS" ] || read -r line <"$STAYS"
                [ "$CODE" -gt 1 ] || [ -n "$NO_REPORT" ] || { mkdir -p "$JUDGE_REPORT" && echo {} >"$JUDGE_REPORT/report.json"; }
                exit "$CODE"
                """);
        assertThat(tpctl.toFile().setExecutable(true)).isTrue();
        variables.put("PATH", System.getenv("PATH"));
        variables.put("STARTED", folder.resolve("started").toString());
        variables.put("STAYS", "");
        variables.put("CODE", "0");
        variables.put("NO_REPORT", "");
        variables.put("GITHUB_ACTIONS", "false");
        variables.put("JUDGE_COMMAND", "any worker");
        variables.put("JUDGE_REPORT", folder.resolve("wire").toString());
        variables.put(
                "TMPDIR", Files.createDirectory(folder.resolve("temporary")).toString());
    }

    private int run() throws Exception {
        return BareProgram.run(variables, List.of(judge.toString())).code();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void theExitCodeIsThatOfTheJudge(int code) throws Exception {
        variables.put("CODE", String.valueOf(code));
        assertThat(run()).isEqualTo(code);
    }

    /** As with {@code --help} among the options, and where the host does not let Java start, which Java says with 1. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatWritesNoReportIsNoVerdict(int code) throws Exception {
        variables.put("CODE", String.valueOf(code));
        variables.put("NO_REPORT", "yes");
        variables.put("GITHUB_ACTIONS", "true");
        Path output = folder.resolve("output");
        variables.put("GITHUB_OUTPUT", output.toString());
        assertThat(run()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(output).content().contains("outcome=not-judged");
    }

    @Test
    void noTemporaryFolderIsNeeded() throws Exception {
        variables.put("TMPDIR", folder.resolve("missing").toString());
        assertThat(run()).isEqualTo(ExitCode.OK);
    }

    /** What could not be written turns a pass into 3, and never into 1, which says that the worker is wrong. */
    @ParameterizedTest
    @CsvSource({"0, 3", "1, 1", "4, 4"})
    void aFullDiskIsNoVerdict(int code, int exit) throws Exception {
        variables.put("CODE", String.valueOf(code));
        variables.put("GITHUB_ACTIONS", "true");
        variables.put("GITHUB_OUTPUT", "/dev/full");
        assertThat(run()).isEqualTo(exit);
    }

    /** Not even where this one is refused, or its judge writes none: a folder of a CI may live on. */
    @ParameterizedTest
    @CsvSource({"any worker, 3", "'any ''worker', 2", "'', 2"})
    void noResultOfAnEarlierRunStays(String command, int exit) throws Exception {
        Path report = Files.createDirectories(folder.resolve("wire"));
        Path transcripts = Files.createDirectories(report.resolve("transcripts"));
        for (String name : List.of(
                "junit.xml",
                "report.json",
                "report.html",
                "report.md",
                "annotations.txt",
                "transcripts/001-O4.ping.txt")) {
            Files.writeString(report.resolve(name), "passed");
        }
        variables.put("CODE", "3");
        variables.put("JUDGE_COMMAND", command);
        assertThat(run()).isEqualTo(exit);
        assertThat(transcripts).isEmptyDirectory();
        Files.delete(transcripts);
        assertThat(report).isEmptyDirectory();
    }

    @Test
    void aReportOfAnEarlierRunThatCannotBeRemovedIsNoVerdict() throws Exception {
        Files.createDirectories(folder.resolve("wire/report.md"));
        assertThat(run()).isEqualTo(ExitCode.COULD_NOT_RUN);
    }

    @ParameterizedTest
    @CsvSource({"HUP, 129", "TERM, 143"})
    void aSignalEndsTheJudgeAndLeavesNoFile(String signal, int exit) throws Exception {
        try (ProgramProcess program = waitingForever()) {
            List<ProcessHandle> judges = judgesOf(program);
            program.signal(signal);
            assertThat(program.exitCode()).isEqualTo(exit);
            assertThat(judges).noneMatch(ProcessHandle::isAlive);
        }
        assertThat(folder.resolve("temporary")).isEmptyDirectory();
    }

    /** Its report would replace that of the next job. */
    @Test
    void sigkillLeavesNoJudge() throws Exception {
        assumeTrue(new ProcessBuilder("setpriv", "--pdeathsig", "KILL", "true")
                        .start()
                        .waitFor()
                == 0);
        try (ProgramProcess program = waitingForever()) {
            List<ProcessHandle> judges = judgesOf(program);
            program.signal("KILL");
            await().atMost(ProgramProcess.LIMIT).until(() -> judges.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    /** Its judge waits for what never comes. */
    private ProgramProcess waitingForever() throws Exception {
        Path stays = folder.resolve("stays");
        assertThat(new ProcessBuilder("mkfifo", stays.toString()).start().waitFor())
                .isZero();
        variables.put("STAYS", stays.toString());
        return ProgramProcess.command(variables, List.of(judge.toString()));
    }

    private List<ProcessHandle> judgesOf(ProgramProcess program) {
        await().atMost(ProgramProcess.LIMIT).until(() -> Files.exists(folder.resolve("started")));
        List<ProcessHandle> judges = program.process().descendants().toList();
        assertThat(judges).as("it waits for that").isNotEmpty();
        return judges;
    }
}
