package dev.neurontp.conformance.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Rule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CatalogueTest {

    private final Contract contract = Contract.load();
    private final List<Check> checks = Catalogue.checks(contract);

    @Test
    void everyRuleThatIsJudgedHasACheck() {
        Set<String> checked = checks.stream().map(Check::rule).collect(Collectors.toSet());
        assertThat(contract.rules().stream().filter(Rule::isJudged).map(Rule::id))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(checked).contains(rule));
    }

    @Test
    void everyCheckNamesARuleThatIsJudged() {
        assertThat(checks)
                .allSatisfy(check ->
                        assertThat(contract.rule(check.rule()).isJudged()).isTrue());
    }

    @Test
    void noTwoChecksBearOneId() {
        assertThat(checks).extracting(Check::id).doesNotHaveDuplicates();
    }

    @Test
    void everyCheckSaysWhatItTries() {
        assertThat(checks).allSatisfy(check -> assertThat(check.title()).isNotBlank());
    }
}
