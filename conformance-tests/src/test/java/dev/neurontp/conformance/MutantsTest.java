package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.mutant.BenignTable;
import dev.neurontp.conformance.mutant.BenignTable.Combination;
import dev.neurontp.conformance.mutant.MutantTable.Mutant;
import dev.neurontp.conformance.mutant.TestWorkers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Who tests the tests: each mutant is killed by the rule that it breaks, each benign variant passes. */
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    /** For those that only a wait in vain shows. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    /** The ids of the checks that make their conversations by a seed. */
    static final List<String> RANDOM = Catalogue.checks(Contract.load()).stream()
            .filter(Check.Property.class::isInstance)
            .map(Check::id)
            .toList();

    /** One of each rule. */
    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.MutantTable#ONE_OF_EACH_RULE")
    void aMutantIsKilledByTheRuleThatItBreaks(Mutant mutant) {
        isKilled(mutant);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.MutantTable#OTHERS")
    void soAreTheOthers(Mutant mutant) {
        isKilled(mutant);
    }

    private static void isKilled(Mutant mutant) {
        int tries = mutant.rule().startsWith("A") ? 200 : 20;
        // One failure, made small, is enough: the others would say the same at length.
        Duration timeout = mutant.isShownByTime() ? SHORT : PATIENT;
        RunReport report = TestWorkers.judge(mutant.fault(), mutant.stage(), mutant.checks(), tries, timeout, 7, true);
        assertThat(report.findings())
                .as("what the run found; errors %s, %s", report.errors(), report.unjudgeable())
                .isNotEmpty()
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly(mutant.rule());
    }

    @ParameterizedTest
    @CsvSource({"rounds-int-max, A1", "size-0-is-1, A1", "takes-fractions-of-0, A3", "takes-exponents-of-0, A3"})
    void oneThatReadsNumbersInAnotherWayIsKilledHoweverFewTriesThereAre(String fault, String rule) {
        RunReport report = TestWorkers.judge(fault, "7a-i", List.of(rule), 1, PATIENT, 7);
        assertThat(report.findings())
                .isNotEmpty()
                .extracting(Finding::failure)
                .extracting(Failure::rule)
                .containsOnly(rule);
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.BenignTable#FIRST")
    void benignVariantsPass(Combination combination) {
        passes(combination);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.BenignTable#OTHERS")
    void soDoTheOthers(Combination combination) {
        passes(combination);
    }

    /** What the random checks send differs by seed, so a variant that passes with one seed proves little. */
    @Tag("long")
    @Test
    void workersThatTrimPassTheRandomChecksWithOtherSeeds() {
        for (long seed = 1; seed <= 4; seed++) {
            passesRandomChecks(BenignTable.TRIMMING, seed, 60);
        }
    }

    @Tag("soak")
    @ParameterizedTest(name = "{0}")
    @FieldSource("dev.neurontp.conformance.mutant.BenignTable#ALONE")
    void aBenignVariantPassesAlone(Combination alone) {
        passes(alone);
        for (long seed = 1; seed <= 50; seed++) {
            passesRandomChecks(alone, seed, 200);
        }
    }

    private static void passesRandomChecks(Combination combination, long seed, int tries) {
        RunReport report = TestWorkers.judge(combination.faults(), combination.stage(), RANDOM, tries, PATIENT, seed);
        assertThat(report.findings())
                .as("seed %s", seed)
                .extracting(Finding::failure)
                .filteredOn(failure -> !combination.warns().contains(failure.rule()))
                .isEmpty();
        assertThat(report.errors()).isEmpty();
    }

    private static void passes(Combination combination) {
        RunReport report = TestWorkers.judge(combination.faults(), combination.stage(), List.of(), 10, PATIENT, 7);
        assertThat(report.findings())
                .extracting(Finding::failure)
                .filteredOn(failure -> !combination.warns().contains(failure.rule()))
                .isEmpty();
        assertThat(report.rules())
                .filteredOn(rule -> rule.verdict() == Verdict.WARNED)
                .extracting(rule -> rule.rule().id())
                .containsExactlyInAnyOrderElementsOf(combination.warns());
        assertThat(report.errors()).isEmpty();
        assertThat(report.outcome()).isEqualTo(Outcome.PASSED);
    }
}
