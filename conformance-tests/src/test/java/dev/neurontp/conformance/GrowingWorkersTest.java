package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.MutantTable.Mutant;
import dev.neurontp.conformance.mutant.TestOptions;
import dev.neurontp.conformance.mutant.TestWorkers;
import dev.neurontp.conformance.soak.SoakReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A soak shows what grows, and what is lost after thousands of requests, and accuses no worker that takes much and keeps it. */
@Tag("long")
final class GrowingWorkersTest {

    private static final Duration TIME = Duration.ofSeconds(2);

    @ParameterizedTest
    @FieldSource("dev.neurontp.conformance.mutant.SoakMutants#GROWING")
    void aWorkerThatGrowsFails(Mutant mutant) {
        RunReport report = soak(mutant.fault());
        assertThat(report.findings()).isEmpty();
        assertThat(report.soak().orElseThrow().findings()).isNotEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    }

    /** The process that was started is not always the one that grows. */
    @Test
    void whatGrowsInAChildIsSeen() {
        assertThat(soak("forks-and-waits,leaks-memory").soak().orElseThrow().findings())
                .singleElement()
                .asString()
                .startsWith("resident memory: still growing, by ");
    }

    @ParameterizedTest
    @FieldSource("dev.neurontp.conformance.mutant.SoakMutants#FORGETFUL")
    void aLostReplyIsAFailureOfItsRule(Mutant mutant) {
        // The failure ends it.
        RunReport report = TestWorkers.soak(mutant.fault(), "7a-i", List.of("F6"), Duration.ofMinutes(2));
        assertThat(report.findings())
                .extracting(Finding::failure)
                .singleElement()
                .satisfies(failure -> {
                    assertThat(failure.rule()).isEqualTo(mutant.rule());
                    assertThat(failure.rerun()).contains(" --soak 120000ms ");
                });
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
    }

    /** They end nothing. */
    @ParameterizedTest
    @FieldSource("dev.neurontp.conformance.mutant.SoakMutants#TALKATIVE")
    void whatItSaysIsJudgedForItsForm(Mutant mutant) {
        RunReport report = TestWorkers.soak(mutant.fault(), "7a-i", List.of(mutant.rule()), TIME);
        assertThat(report.findings())
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsExactly(mutant.rule());
        assertThat(report.soak().orElseThrow().notes()).isEmpty();
        assertThat(report.soak().orElseThrow().requests()).isGreaterThan(6000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "takes-a-gigabyte,has-a-helper,forks-and-reaps", "grows-and-shrinks"})
    void aWorkerThatTakesMuchAndKeepsItPasses(String faults) {
        RunReport report = soak(faults);
        SoakReport soak = report.soak().orElseThrow();
        assertThat(soak.findings()).isEmpty();
        assertThat(report.findings())
                .extracting(Finding::failure)
                .extracting(Failure::message)
                .isEmpty();
        assertThat(soak.samples()).hasSizeGreaterThan(12);
        assertThat(soak.notes()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void anInitThatBlocksAtTheEndOfInputIsToldAndNotJudged() {
        RunReport report = TestWorkers.soak("", "7a-ii", List.of("F6"), Duration.ofMillis(200));
        assertThat(report.soak().orElseThrow().notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("with its input closed while an init blocks the worker still ran after 3000 ms"));
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
    }

    /** What the soak has found until then is told all the same. */
    @Test
    void aMakerThatCannotBeStartedIsNotedAndLosesNoSoak() {
        RunOptions options = TestOptions.like(RunTest.options(
                        TestWorkers.worker("leaks-every-descriptor", "7a-ii"),
                        List.of("F6"),
                        10,
                        Optional.empty(),
                        false))
                .commIdCommand("/no/such/maker")
                .soak(TIME)
                .options();
        RunReport report = new ConformanceRun(options, Listener.NONE).run();
        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.soak().orElseThrow().findings()).isNotEmpty();
        assertThat(report.soak().orElseThrow().notes())
                .anySatisfy(note ->
                        assertThat(note).startsWith("no init was tried: ").contains("/no/such/maker"));
    }

    @Test
    void withoutTheOptionThereIsNone() {
        assertThat(TestWorkers.judge("", "7a-i", List.of("F6"), 10, TIME, 7).soak())
                .isEmpty();
    }

    private static RunReport soak(String faults) {
        return TestWorkers.soak(faults, "7a-i", List.of("F6"), TIME);
    }
}
