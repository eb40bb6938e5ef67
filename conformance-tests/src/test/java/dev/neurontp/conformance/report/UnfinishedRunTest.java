package dev.neurontp.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.conformance.ConformanceRun;
import dev.neurontp.conformance.Listener;
import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.mutant.OwnPrograms;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Of a run that is no pass no report says that it is one, and what earlier runs found stays. */
@Execution(ExecutionMode.CONCURRENT)
final class UnfinishedRunTest {

    private static final String KNOWN = "# ours\nF11 F11.at-the-start\n";

    @TempDir
    private Path folder;

    @Test
    void aRunThatJudgedNothingWritesNoKnownFailures() throws Exception {
        ReportFiles.write(TestWorkers.judge(List.of("no-such-worker"), 10, 3), folder);
        assertThat(folder.resolve("report.json")).exists();
        assertThat(folder.resolve("known-failures.txt")).doesNotExist();
    }

    @Test
    void aRunThatWasStoppedAtItsFirstFailureWritesNoKnownFailures() throws Exception {
        ReportFiles.write(
                TestWorkers.judge("takes-bom", "7a-i", List.of("F11"), 10, Duration.ofSeconds(10), 3, true), folder);
        assertThat(folder.resolve("known-failures.txt")).doesNotExist();
    }

    @Test
    void theFileThatWasReadStaysAsItIs() throws Exception {
        Path known = Files.writeString(folder.resolve("known-failures.txt"), KNOWN);
        ReportFiles.removeOld(folder, List.of(known));
        RunReport both = judge("takes-bom", known);
        assertThat(both.outcome()).isEqualTo(Outcome.FAILED);
        ReportFiles.write(both, folder);
        assertThat(known).hasContent(KNOWN);
        Path other = folder.resolve("other");
        ReportFiles.write(both, other);
        assertThat(other.resolve("known-failures.txt")).content().contains("F11 F11.in-the-middle");
    }

    @Test
    void whereOneReportCannotBeWrittenNoneSaysThatItPassed() throws Exception {
        RunReport passed = TestWorkers.judge("", "7a-i", List.of("F11"), 10, Duration.ofSeconds(10), 3);
        assertThat(passed.outcome()).isEqualTo(Outcome.PASSED);
        Files.createDirectories(folder.resolve("report.html").resolve("in-the-way"));
        assertThatThrownBy(() -> ReportFiles.write(passed, folder)).isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("report.html", "transcripts");
    }

    @Test
    void whatFailedIsToldAsFarAsItCanBe() throws Exception {
        RunReport failed = TestWorkers.judge("takes-bom", "7a-i", List.of("F11"), 10, Duration.ofSeconds(10), 3);
        Files.createDirectories(folder.resolve("report.html").resolve("in-the-way"));
        assertThatThrownBy(() -> ReportFiles.write(failed, folder)).isInstanceOf(IOException.class);
        assertThat(folder.resolve("junit.xml")).content().contains("<failure");
    }

    /** As where all that was asked for is of another stage. */
    @Test
    void aRunInWhichNothingWasJudgedIsRedInTheXml() {
        RunReport skipped = TestWorkers.judge("", "7a-i", List.of("S3"), 10, Duration.ofSeconds(3), 5);
        assertThat(skipped.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(JunitReport.of(skipped))
                .contains("errors=\"1\"", "<error type=\"not judged\"", "nothing was judged");
        assertThat(MarkdownReport.of(skipped)).contains("**Not judged:** nothing was judged");
        assertThat(Annotations.of(skipped)).startsWith("::error title=wire contract::nothing was judged");
    }

    /** All of it was judged, but for the end of the shared workers. */
    @Test
    void aRunWhoseTimeIsOverBehindItsChecksIsRedInTheXml() {
        RunReport late = stoppedAfterTheLast("the time for the run is over");
        assertThat(late.outcome()).isEqualTo(Outcome.OUT_OF_TIME);
        assertThat(late.count(Verdict.MISSING)).isZero();
        assertThat(JunitReport.of(late)).contains("errors=\"1\"", "the time for the run is over");
    }

    /** What one check found, though it is known, is no reason to be silent about another that could not be made. */
    @Test
    void aRuleOfWhichACheckCouldNotBeMadeIsAnErrorThoughAnotherHasFailedAsExpected() throws Exception {
        Path known = Files.writeString(folder.resolve("known"), "L2 L2.stdin-open\nL2 L2.always\n");
        Path program = OwnPrograms.script(
                folder.resolve("worker"),
                "exec " + String.join(" ", TestWorkers.worker("bye-and-exit-1", "7a-i")) + " \"$@\"\n");
        Listener takesItAway = new Listener() {
            @Override
            public void begins(Check check) {
                if (check.id().equals("L2.pipelined")) {
                    assertThat(program.toFile().delete()).isTrue();
                }
            }
        };
        RunReport part = new ConformanceRun(oneByOne(program, known), takesItAway).run();
        assertThat(part.findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.counts()).isEqualTo(Verdict.EXPECTED));
        assertThat(part.errors()).singleElement().asString().contains("L2.pipelined");
        assertThat(part.outcome()).isEqualTo(Outcome.NOT_JUDGED);
        assertThat(part.count(Verdict.ERROR)).isEqualTo(1);
        assertThat(JunitReport.of(part)).contains("errors=\"1\"", "<error type=");
        assertThat(MarkdownReport.of(part))
                .contains("**Error of the suite itself:** "
                        + Markup.markdown("L2.pipelined, L2.half-a-line, L2.after-bad-utf8: "));
    }

    private static RunOptions oneByOne(Path program, Path known) {
        RunOptions usual = RunOptions.of(List.of(program.toString()), 1);
        return new RunOptions(
                usual.command(),
                usual.stage(),
                "",
                List.of("L2"),
                List.of(),
                Optional.of(known),
                1,
                20,
                usual.timeout(),
                usual.maxTime(),
                false,
                false,
                1,
                List.of(),
                List.of(2),
                "tpctl");
    }

    private static RunReport stoppedAfterTheLast(String why) {
        AtomicReference<ConformanceRun> run = new AtomicReference<>();
        Listener stops = new Listener() {
            @Override
            public void done(Check check, int done, int all) {
                if (done == all) {
                    run.get().stop(why);
                }
            }
        };
        RunOptions options = TestOptions.like(RunOptions.of(TestWorkers.worker("", "7a-i"), 1))
                .only("F11")
                .options();
        run.set(new ConformanceRun(options, stops));
        return run.get().run();
    }

    private static RunReport judge(String fault, Path known) {
        return new ConformanceRun(
                        TestOptions.like(RunOptions.of(TestWorkers.worker(fault, "7a-i"), 1))
                                .only("F11")
                                .knownFailures(known)
                                .options(),
                        Listener.NONE)
                .run();
    }
}
