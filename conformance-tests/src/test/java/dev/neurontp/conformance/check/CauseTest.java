package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.check.RunLog.Evidence;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CauseTest {

    /** A worker whose stdout is ASCII dies at each reply that quotes another character, with other words each time. */
    @Test
    void anExceptionIsOneCauseWhateverItQuotes() {
        assertThat(endWith("UnicodeEncodeError: 'ascii' codec can't encode character '\\xe4' in position 61: ordinal"))
                .isEqualTo(
                        endWith("UnicodeEncodeError: 'ascii' codec can't encode characters in position 3-5: ordinal"))
                .isEqualTo("the worker's end: exit code 1, UnicodeEncodeError");
    }

    @Test
    void exceptionsOfOneClassWithOtherWordsAreTwoCauses() {
        assertThat(endWith("ValueError: no rank")).isNotEqualTo(endWith("ValueError: no op"));
        assertThat(endWith("panicked at 'no op'")).isNotEqualTo(endWith("panicked at 'no rank'"));
    }

    @Test
    void aRankThatRefusesToJoinIsOneCauseWhateverNeededTheGroup() {
        assertThat(refused("S3", "init_ok from rank 0"))
                .isEqualTo(refused("L1", "init_ok from rank 1"))
                .isEqualTo("a group: an error of kind nccl_init_failed");
    }

    private static String refused(String rule, String expected) {
        RuleViolation refusal = new RuleViolation(rule, "init", expected, "an error")
                .refusedInGroup(new Answer("error", "nccl_init_failed"));
        return Cause.of(refusal, new Evidence(0, List.of(), "it was still running", List.of()));
    }

    private static String endWith(String lastWords) {
        RuleViolation death = new RuleViolation("O6", "x", "an error", "the worker ended").ended();
        Evidence evidence = new Evidence(
                0, List.of("Traceback (most recent call last):", lastWords), "exit code 1 at 5 ms", List.of());
        return Cause.of(death, evidence);
    }
}
