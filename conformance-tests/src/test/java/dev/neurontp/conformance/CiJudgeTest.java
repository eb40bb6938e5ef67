package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How {@code bin/ci-judge} starts the judge, beside a {@code tpctl} that only says what it was started with. */
@Timeout(60)
final class CiJudgeTest {

    @TempDir
    private Path folder;

    /** As with the coreutils 8.30 of many hosts that have no perl: a worker that inherits an ignored signal cannot be judged by it. */
    @Test
    void whereNothingUndoesItTheJudgeIsStartedWithoutIgnoredSignals() throws Exception {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "SKIPPED: there is no " + bash);
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path judge = Files.copy(Path.of("..", "bin", "ci-judge"), bin.resolve("ci-judge"));
        program(bin.resolve("tpctl"), """
                grep SigIgn: /proc/self/status
                echo "$*"
                exit 4
                """);
        Path path = Files.createDirectory(folder.resolve("path"));
        for (String name : List.of("cat", "grep", "readlink", "rm", "sed", "setpriv", "true", "xargs")) {
            program(path.resolve(name), "exec /usr/bin/" + name + " \"$@\"\n");
        }
        program(path.resolve("env"), "echo \"env: unrecognized option '$1'\" >&2; exit 125\n");
        // The build that runs this test may have been started in the background itself.
        ProcessBuilder builder =
                new ProcessBuilder("env", "--default-signal=INT,QUIT", bash.toString(), judge.toString());
        builder.environment().put("PATH", path.toString());
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_REPORT", folder.resolve("wire").toString());
        builder.environment().put("GITHUB_ACTIONS", "false");
        Process run = builder.redirectErrorStream(true).start();
        List<String> said = run.inputReader().readAllLines();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).as("that of tpctl").isEqualTo(4);
        assertThat(said).hasSize(2);
        long ignored = Long.parseUnsignedLong(said.getFirst().split("\\s+", 2)[1], 16);
        assertThat(ignored & 0b110).as("SIGINT and SIGQUIT").isZero();
        assertThat(said.getLast())
                .isEqualTo("conformance run --stage auto --report " + folder.resolve("wire") + " -- any worker");
    }

    /** As a bash that is sh takes over what its user's shell exports. */
    @Test
    void whatAnEarlierRunLeftIsRemovedWhereTheShellExpandsNoPatterns() throws Exception {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "SKIPPED: there is no " + bash);
        Path report = folder.resolve("wire");
        Path old = Files.createDirectories(report.resolve("transcripts")).resolve("001-F1.replies.txt");
        Files.writeString(old, "of an earlier run");
        ProcessBuilder builder = new ProcessBuilder(bash.toString(), "../bin/ci-judge");
        builder.environment().put("SHELLOPTS", "noglob:noclobber");
        builder.environment().put("JUDGE_REPORT", report.toString());
        builder.environment().remove("JUDGE_COMMAND");
        Process run = builder.redirectErrorStream(true).start();
        assertThat(run.inputReader().readAllAsString()).contains("JUDGE_COMMAND is empty");
        assertThat(run.waitFor()).isEqualTo(2);
        assertThat(old).doesNotExist();
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
