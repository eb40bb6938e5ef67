package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** One would stand in the place of the other, and no word would say so. {@code link} leads to the folder, {@code json} into it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--report D/rq --write-known-failures D/rq/report.json | --write-known-failures D/rq/report.json | D/rq/report.json of --report D/rq",
                "--report D/rq --write-known-failures D/rq/junit.xml | --write-known-failures D/rq/junit.xml | D/rq/junit.xml of --report",
                "--report D/rq --write-known-failures D/x/../rq/report.md | --write-known-failures D/x/../rq/report.md | D/rq/report.md of --report",
                "--report D/rq --write-known-failures D/link/rq/report.html | --write-known-failures D/link/rq/report.html | D/rq/report.html of --report",
                "--report D/link/rq --write-known-failures D/json | --write-known-failures D/json | D/link/rq/report.json of --report",
                "--report D/rq --write-known-failures D/rq/transcripts | --write-known-failures D/rq/transcripts | transcripts of --report",
                "--report D/rq --write-known-failures D/rq/transcripts/a.txt | --write-known-failures D/rq/transcripts/a.txt | transcripts of --report",
                "--report D/rq --known-failures D/rq/annotations.txt | --known-failures D/rq/annotations.txt | annotations.txt of --report",
                "--known-failures D/k --write-known-failures D/link/k | --known-failures D/k | --write-known-failures D/link/k",
            })
    void whatIsReadAndWrittenIsNotOneFile(String words, String one, String other) throws Exception {
        Path kept = Files.createDirectories(folder.resolve("rq")).resolve("annotations.txt");
        Files.writeString(kept, "# none\n");
        Files.writeString(folder.resolve("k"), "# none\n");
        Files.createSymbolicLink(folder.resolve("link"), folder);
        Files.createSymbolicLink(folder.resolve("json"), folder.resolve("rq/report.json"));
        String here = folder.toString();
        CommandResult ran =
                run((words + " -- no-such-worker").replace("D/", here + "/").split(" "));
        assertThat(ran.code()).as(ran.all()).isEqualTo(2);
        assertThat(ran.err())
                .contains(one.replace("D/", here + "/"), other.replace("D/", here + "/"), "one file: give another");
        assertThat(kept).exists();
        assertThat(folder.resolve("rq/report.json")).doesNotExist();
    }

    /** What a run writes there is the same, and what it reads stays. */
    @ParameterizedTest
    @ValueSource(strings = {"--known-failures", "--write-known-failures"})
    void theKnownFailuresAmongTheReportsMayBeNamed(String option) throws Exception {
        Path known = Files.writeString(folder.resolve("known-failures.txt"), "# none\n");
        CommandResult ran = run("--report", folder.toString(), option, known.toString(), "--", "no-such-worker");
        assertThat(ran.code()).isEqualTo(3);
        assertThat(known).exists();
    }

    private static CommandResult run(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "conformance";
        all[1] = "run";
        System.arraycopy(words, 0, all, 2, words.length);
        return CommandResult.tpctl(all);
    }
}
