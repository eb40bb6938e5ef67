package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files that {@code tpctl conformance run} writes, and those that it leaves as they are. */
@Timeout(60)
class ConformanceFilesTest {
    private static final String KNOWN = "# ours\nflaky F11 F11.at-the-start\n";
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    Path folder;

    /** As with a typing error in the worker's path. */
    @Test
    void aRunThatJudgedNothingLeavesTheKnownFailuresAsTheyAre() throws Exception {
        Path known = Files.writeString(folder.resolve("known.txt"), KNOWN);
        CommandResult ran = run("--write-known-failures", known.toString(), "--", "no-such-worker");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(known).hasContent(KNOWN);
        assertThat(ran.out()).contains("known failures: " + known + " was not written: not all was judged");
    }

    @Test
    void thoseAmongTheReportsStayToo() throws Exception {
        Path known = Files.writeString(folder.resolve("known-failures.txt"), KNOWN);
        CommandResult ran = run(
                "--report",
                folder.toString(),
                "--write-known-failures",
                known.toString(),
                "--quiet",
                "--",
                "no-such-worker");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(folder.resolve("report.json")).exists();
        assertThat(known).hasContent(KNOWN);
        assertThat(ran.out()).contains("was not written");
    }

    @Test
    void whereTheKnownFailuresCannotBeWrittenNoReportSaysThatAllPassed() {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "SKIPPED: there is no " + PYTHON);
        CommandResult ran = run(
                "--only",
                "F11",
                "--report",
                folder.toString(),
                "--write-known-failures",
                "/dev/full",
                "--",
                PYTHON,
                "../docs/junit-example/worker.py");
        assertThat(ran.out()).contains("PASSED", "the report could not be written");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(folder.resolve("report.json")).doesNotExist();
        assertThat(folder.resolve("junit.xml")).doesNotExist();
    }

    @Test
    void aRunThatCameToItsEndWritesThem() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "SKIPPED: there is no " + PYTHON);
        Path known = Files.writeString(folder.resolve("known.txt"), KNOWN);
        CommandResult ran = run(
                "--only",
                "F11",
                "--write-known-failures",
                known.toString(),
                "--",
                PYTHON,
                "../docs/junit-example/worker.py");
        assertThat(ran.code()).isZero();
        assertThat(known).content().startsWith("# Failures that are expected").doesNotContain("F11");
    }

    private static CommandResult run(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "conformance";
        all[1] = "run";
        System.arraycopy(words, 0, all, 2, words.length);
        return CommandResult.tpctl(all);
    }
}
