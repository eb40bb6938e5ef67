package dev.neurontp.ops.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {
    @ParameterizedTest
    @EnumSource
    void tpctlExitsWithTheCodeThatTheReportGives(Outcome outcome) {
        assertThat(RunCommand.exitCode(outcome)).isEqualTo(outcome.exitCode());
    }
}
