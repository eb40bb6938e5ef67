package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that lets everybody wait after its first error: the run comes to its end, and blames that alone. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
final class DeafWorkerTest {

    /** With a full wait for each error the run would be out of time long before. */
    @Test
    void aWorkerThatIsDeafAfterAnErrorIsJudgedToTheEnd() {
        RunReport report = judge("deaf-after-error");
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.count(Verdict.MISSING)).isZero();
        assertThat(report.errors()).isEmpty();
        assertOnlyO8(report);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dies-on-error", "deaf-after-any-error", "dies-on-any-error"})
    void whatFollowsAnErrorIsBlamedOnTheError(String fault) {
        assertOnlyO8(judge(fault));
    }

    private static void assertOnlyO8(RunReport report) {
        assertThat(report.findings())
                .isNotEmpty()
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly("O8");
    }

    private static RunReport judge(String fault) {
        return TestWorkers.judge(fault, "7a-i", List.of(), 20, Duration.ofSeconds(3), 7);
    }
}
