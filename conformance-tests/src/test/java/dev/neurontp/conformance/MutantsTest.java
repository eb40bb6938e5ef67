package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.mutant.Fleets;
import dev.neurontp.conformance.mutant.MutantTable.Benign;
import dev.neurontp.conformance.mutant.MutantTable.Mutant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Who tests the tests: each mutant is killed by the rule that it breaks, each benign variant passes. */
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {

    private static final Duration SHORT = Duration.ofSeconds(3);

    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.MutantTable#MUTANTS")
    void aMutantIsKilledByTheRuleThatItBreaks(Mutant mutant) {
        int tries = mutant.rule().startsWith("A") ? 200 : 20;
        RunReport report = Fleets.judge(mutant.fault(), mutant.stage(), List.of(mutant.rule()), tries, SHORT, 7);
        assertThat(report.findings())
                .as("what the run found; troubles %s, %s", report.troubles(), report.unjudgeable())
                .isNotEmpty()
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly(mutant.rule());
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.MutantTable#BENIGN")
    void aBenignVariantPasses(Benign benign) {
        RunReport report = Fleets.judge(benign.fault(), benign.stage(), List.of(), 10, Duration.ofSeconds(10), 7);
        assertThat(report.findings()).isEmpty();
        assertThat(report.troubles()).isEmpty();
        assertThat(report.exitCode()).isEqualTo(ExitCodes.PASSED);
    }
}
