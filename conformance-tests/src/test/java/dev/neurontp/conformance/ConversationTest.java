package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where replies and lines do not match, F4 is blamed, and not the line whose reply seems wrong because of it. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
final class ConversationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skips-repeated-lines | too few from line",
                "skips-short-junk | too few from line",
                "answers-some-errors-twice | too many from line",
                "errors-come-late | have changed places",
            })
    void aMissingReplyIsNotTheFaultOfTheLineAfterIt(String fault, String words) {
        RunReport report =
                TestWorkers.judge(fault, "7a-i", List.of("F4.model", "F4.chunks"), 200, Duration.ofSeconds(3), 3);
        assertThat(report.findings())
                .isNotEmpty()
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly("F4");
        assertThat(report.findings())
                .extracting(finding -> finding.failure().got())
                .anySatisfy(got -> assertThat(got).contains(words, "likely cause"));
    }
}
