package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunStateTest {
    private static final int CYCLES = 1000;

    private final RunState state = new RunState(Optional.empty(), Duration.ofSeconds(20), _ -> {});

    /** A burn-in of days: a type that the GPUs do not have is skipped in each cycle, and a bad GPU fails in each. */
    @Test
    void whatIsFoundInEachCycleIsKeptOnce() {
        for (int cycle = 0; cycle <= CYCLES; cycle++) {
            state.keepAll(cycle == 0);
            add("a", Status.SKIPPED);
            add("b", Status.FAIL);
            add("c", cycle < 2 ? Status.PASS : Status.WARN);
            add("d", Status.PASS);
            add("e", Status.MEASURED);
        }

        assertThat(state.results())
                .extracting(result -> result.of().id() + " " + result.status())
                .containsExactly(
                        "correctness/a SKIPPED",
                        "correctness/b FAIL",
                        "correctness/c PASS",
                        "correctness/d PASS",
                        "correctness/e MEASURED",
                        "correctness/c WARN");
        assertThat(state.unkept()).isEqualTo(CYCLES + 1);
        assertThat(state.repeated()).containsExactly("FAIL correctness/b: 1001 times", "WARN correctness/c: 999 times");
    }

    @Test
    void onlySoManyAreListed() {
        for (int i = 0; i < 66; i++) {
            add("case " + i / 2, Status.FAIL);
        }

        assertThat(state.repeated()).hasSize(21).last().isEqualTo("and 13 others more than once");
    }

    private void add(String name, Status status) {
        state.add(CaseResult.without(Case.step(Phase.CORRECTNESS, name), status, "", List.of()));
    }
}
