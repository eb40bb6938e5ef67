package dev.neurontp.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fault that many checks come upon is told once, and nothing of it is lost. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
final class CausesTest {

    private static RunReport run(String faults, String... only) {
        return TestWorkers.judge(faults, "7a-i", List.of(only), 20, Duration.ofSeconds(3), 5);
    }

    @Test
    void oneMissingBranchIsOneCause() {
        RunReport report = run("dies-on-bad-json", "O6.after", "O8.after-each");
        assertThat(report.findings()).hasSizeGreaterThanOrEqualTo(2);
        List<Causes.Cause> causes = Causes.of(report);
        assertThat(causes).hasSize(1);
        Failure first = causes.getFirst().first().failure();
        assertThat(first.cause()).isEqualTo("the worker's end: exit code 1, bad JSON");
        assertThat(first.sent()).as("the plainest of them").isEqualTo("{\"op\":\"ping\"}x");
        StringWriter text = new StringWriter();
        new TerminalReport(new PrintWriter(text), false, TerminalReport.Detail.NORMAL).print(report);
        assertThat(text.toString()).containsOnlyOnce("FAILED  O").contains("like this one", "of 1 likely cause");
        assertThat(report.findings())
                .extracting(Finding::failure)
                .extracting(Failure::check)
                .allSatisfy(check -> assertThat(text.toString()).contains(check));
    }

    @Test
    void wrongRepliesOfDifferentRulesAreDifferentCausesAndTheStreamComesFirst() {
        RunReport report = run("takes-nan,takes-op-twice,log-at-start", "O6.lenient", "O4.op", "F5.whole-life");
        assertThat(Causes.of(report))
                .extracting(cause -> cause.first().failure().rule())
                .containsExactly("F5", "O4", "O6");
    }

    /** A log line in JSON is no frame, whatever was being checked when it came. */
    @ParameterizedTest
    @ValueSource(strings = {"json-log-at-start", "json-log-at-exit"})
    void aLogLineInJsonBreaksTheStreamAndNoOtherRule(String fault) {
        RunReport report = run(fault, "F*", "O1", "O9", "L*");
        assertThat(report.findings())
                .isNotEmpty()
                .extracting(finding -> finding.failure().rule())
                .containsOnly("F5");
        assertThat(report.findings())
                .allSatisfy(finding -> assertThat(finding.failure().sent()).contains("nothing asked for this line"));
    }

    @Test
    void aDeathAtAnUnknownOpIsShownUnderTheRuleOfUnknownOps() {
        RunReport report = run("dies-at-unknown-op", "O1", "O5", "O8", "O10", "O10s");
        assertThat(report.findings())
                .extracting(finding -> finding.failure().rule())
                .contains("O5", "O10s")
                .doesNotContain("O10");
        assertThat(Causes.of(report))
                .extracting(cause -> cause.first().failure().rule())
                .containsExactly("O5");
    }

    @Test
    void aWorkerThatIsSlowWithLargeLinesIsShownUnderTheRuleOfLargeLines() {
        RunReport report = run("slow-at-100k", "O7", "F8");
        assertThat(report.findings())
                .extracting(finding -> finding.failure().rule())
                .contains("O7");
        assertThat(Causes.of(report))
                .extracting(cause -> cause.first().failure().rule())
                .containsExactly("F8");
    }

    /** What is taken in a comment's place and in a comma's is fixed in two places. */
    @Test
    void eachClassOfLinesThatAreTakenIsACauseOfItsOwn() {
        assertThat(Causes.of(run("takes-trailing-comma,takes-comments", "O6.lenient")))
                .hasSize(2);
    }

    @Test
    void aWorkerThatDoesNotEndHasOneCause() {
        RunReport report = run("ignores-eof,bye-and-hang", "L1", "L2", "L2s", "F6");
        assertThat(report.findings()).hasSizeGreaterThan(2);
        assertThat(Causes.of(report)).hasSize(1);
    }

    @Test
    void repliesThatABlankLineShiftedAreNoCauseOfTheirOwn() {
        RunReport report = run("answers-blank-lines", "F*", "O1", "O3");
        assertThat(report.findings())
                .extracting(finding -> finding.failure().rule())
                .as("rules that only look broken")
                .hasSizeGreaterThan(1)
                .contains("F3");
        assertThat(Causes.of(report))
                .extracting(cause -> cause.first().failure().rule())
                .containsExactly("F3");
    }

    @Test
    void whatAGroupsRankSaidIsShownNotWhatTheMakerOfTheIdSaid() {
        RunReport report = TestWorkers.judge("sums-to-one", "7a-ii", List.of("S3"), 20, Duration.ofSeconds(10), 5);
        assertThat(report.findings()).isNotEmpty();
        assertThat(String.join("\n", report.findings().getFirst().failure().transcript()))
                .contains("nccl_sanity_check");
    }
}
