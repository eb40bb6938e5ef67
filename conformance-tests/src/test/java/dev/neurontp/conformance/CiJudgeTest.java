package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.conformance.mutant.OwnPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        Path judge = OwnPrograms.copy(Path.of("..", "bin", "ci-judge"), bin.resolve("ci-judge"));
        OwnPrograms.script(bin.resolve("tpctl"), """
                grep SigIgn: /proc/self/status
                echo "$*"
                exit 4
                """);
        Path path = Files.createDirectory(folder.resolve("path"));
        for (String name : List.of("cat", "grep", "readlink", "rm", "sed", "setpriv", "true", "xargs")) {
            OwnPrograms.script(path.resolve(name), "exec /usr/bin/" + name + " \"$@\"\n");
        }
        OwnPrograms.script(path.resolve("env"), "echo \"env: unrecognized option '$1'\" >&2; exit 125\n");
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

    /** A workflow may put somebody else's words into them, and what CI takes for a command begins a line. */
    @ParameterizedTest
    @ValueSource(strings = {"JUDGE_COMMAND", "JUDGE_OPTIONS", "JUDGE_STRICT", "JUDGE_REPORT"})
    void whatItQuotesOfItsVariablesIsOnOneLine(String variable) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "../bin/ci-judge");
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_REPORT", folder.resolve("wire").toString());
        builder.environment().put(variable, folder + "/x\n::error::boo \u001b[31m\r::error::boo '");
        Process run = builder.redirectErrorStream(true).start();
        List<String> said = run.inputReader().readAllLines();
        assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(2);
        assertThat(said).noneMatch(line -> line.startsWith("::")).noneMatch(line -> line.contains("\u001b"));
        assertThat(said).anyMatch(line -> line.startsWith("ci-judge: " + variable));
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

    /** Which options name it, the judge knows: it may be read, or be left as it is where the run comes to no end. */
    @ParameterizedTest
    @ValueSource(strings = {"--known-failures", "--write-known-failures"})
    void knownFailuresThatAnOptionNamesAreLeftToTheJudge(String option) throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path judge = OwnPrograms.copy(Path.of("..", "bin", "ci-judge"), bin.resolve("ci-judge"));
        OwnPrograms.script(bin.resolve("tpctl"), "exit 4\n");
        Path known = Files.createDirectory(folder.resolve("wire")).resolve("known-failures.txt");
        Files.writeString(known, "expected");
        Path old = Files.writeString(folder.resolve("wire").resolve("junit.xml"), "of an earlier run");
        ProcessBuilder builder = new ProcessBuilder(judge.toString()).directory(folder.toFile());
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_OPTIONS", option + " wire/known-failures.txt");
        builder.environment().remove("JUDGE_REPORT");
        builder.environment().remove("JUDGE_KNOWN_FAILURES");
        Process run = builder.redirectErrorStream(true).start();
        String said = run.inputReader().readAllAsString();
        assertThat(run.waitFor()).as(said).isEqualTo(4);
        assertThat(known).hasContent("expected");
        assertThat(old).doesNotExist();
    }

    /** They say what a pattern or a word matches, and where a pattern that matches nothing ends the script. */
    @ParameterizedTest
    @ValueSource(strings = {"failglob", "nocasematch", "failglob:nocaseglob:nocasematch"})
    void optionsOfTheUsersShellDoNotMatter(String options) throws Exception {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "SKIPPED: there is no " + bash);
        ProcessBuilder builder = new ProcessBuilder(bash.toString(), "--posix", "../bin/ci-judge");
        builder.environment().put("BASHOPTS", options);
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_STRICT", "TRUE");
        builder.environment().put("JUDGE_REPORT", folder.resolve("wire").toString());
        Process run = builder.redirectErrorStream(true).start();
        assertThat(run.inputReader().readAllAsString())
                .isEqualTo("ci-judge: JUDGE_STRICT is 'TRUE': give true or false\n");
        assertThat(run.waitFor()).isEqualTo(2);
    }

    /** With 1 it would blame the worker. */
    @ParameterizedTest
    @ValueSource(strings = {"readlink", "rm", "xargs"})
    void aProgramThatItLacksIsNoVerdict(String missing) throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path judge = OwnPrograms.copy(Path.of("..", "bin", "ci-judge"), bin.resolve("ci-judge"));
        OwnPrograms.script(bin.resolve("tpctl"), "exit 1\n");
        Path path = Files.createDirectory(folder.resolve("path"));
        OwnPrograms.script(path.resolve(missing), "exit 1\n");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", judge.toString());
        builder.environment().merge("PATH", path.toString(), (old, first) -> first + ":" + old);
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_REPORT", folder.resolve("wire").toString());
        Process run = builder.redirectErrorStream(true).start();
        String said = run.inputReader().readAllAsString();
        assertThat(run.waitFor()).as(said).isIn(2, 3);
    }

    /** As any program takes them for options, and a shell for words. */
    @ParameterizedTest
    @ValueSource(strings = {"-x", "-n", "-", "--", "--help", "-x y", " -x ", " ", "(", "!", "a b/-c"})
    void anyNameOfAFolderIsOne(String report) throws Exception {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path judge = OwnPrograms.copy(Path.of("..", "bin", "ci-judge"), bin.resolve("ci-judge"));
        OwnPrograms.script(bin.resolve("tpctl"), """
                [ "$5" = --report ] || exit 2
                mkdir -p -- "$6/transcripts"
                for name in annotations.txt report.md report.json; do echo "$name of this run" >"$6/$name"; done
                shift 6
                printf '%s|' "$@"
                """);
        Path transcripts = Files.createDirectories(folder.resolve(report).resolve("transcripts"));
        Path old = Files.writeString(transcripts.resolve("001-F1.replies.txt"), "of an earlier run");
        Path known = Files.writeString(folder.resolve(report).resolve("known-failures.txt"), "expected");
        ProcessBuilder builder = new ProcessBuilder(judge.toString()).directory(folder.toFile());
        builder.environment().put("JUDGE_COMMAND", "any worker");
        builder.environment().put("JUDGE_REPORT", report);
        builder.environment().put("JUDGE_KNOWN_FAILURES", report + "/known-failures.txt");
        builder.environment().put("GITHUB_ACTIONS", "true");
        builder.environment().put("GITHUB_STEP_SUMMARY", "-summary");
        builder.environment().put("GITHUB_OUTPUT", "-output");
        Process run = builder.redirectErrorStream(true).start();
        String said = run.inputReader().readAllAsString();
        assertThat(run.waitFor()).as(said).isZero();
        assertThat(said)
                .containsPattern("--known-failures\\|(\\./)?" + Pattern.quote(report)
                        + "/known-failures.txt\\|--\\|any\\|worker")
                .endsWith("annotations.txt of this run\n");
        assertThat(folder.resolve("-summary")).hasContent("report.md of this run");
        assertThat(Files.readAllLines(folder.resolve("-output")))
                .contains("exit-code=0", "outcome=passed")
                .anyMatch(line -> line.startsWith("report=")
                        && Files.exists(folder.resolve(line.substring("report=".length()))
                                .resolve("report.json")));
        assertThat(old).doesNotExist();
        assertThat(known).exists();
    }
}
