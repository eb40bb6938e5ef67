package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.validate.CaseResult;
import dev.neurontp.harness.validate.Status;
import dev.neurontp.ops.doctor.StartChecks.Outcome;
import dev.neurontp.ops.doctor.check.Level;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRowsTest {
    /** What hangs before a pool has started is no reason to start one. */
    @ParameterizedTest
    @CsvSource({"OK, PASS", "WARN, WARN", "FAIL, FAIL", "HUNG, FAIL", "SKIPPED, SKIPPED"})
    void everyLevelOfDoctorHasItsStatus(Level level, Status status) {
        CaseResult result = HostRows.results(List.of(new Outcome("D11 shm", level, "words")))
                .getFirst();
        assertThat(result.of().id()).isEqualTo("host/D11 shm");
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.reason()).isEqualTo("words");
    }
}
