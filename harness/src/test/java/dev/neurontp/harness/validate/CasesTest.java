package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.collective.ElementType;
import dev.neurontp.worker.collective.ReduceOp;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CasesTest {
    private static final int RANKS = 8;

    private static Cases of(ElementType type, ReduceOp op, int checks) {
        Plan plan = new Plan(
                Plan.Mode.FULL,
                List.of(Collective.ALL_GATHER, Collective.ALL_REDUCE),
                List.of(type),
                List.of(op),
                List.of(),
                1 << 20,
                OptionalLong.of(1 << 30),
                2,
                0,
                20,
                5,
                checks,
                7,
                Duration.ofSeconds(20),
                Duration.ZERO);
        return new Cases(plan, RANKS, GroupLimits.of(Samples.ranks(RANKS, false)));
    }

    /** What no kernel computes takes a host minutes, and the ranks' request would be over before. */
    @ParameterizedTest
    @CsvSource({"F8E4M3, SUM, 8", "FLOAT, AVG, 32", "INT32, MAX, 32", "FLOAT, SUM, 0", "INT8, SUM, 0"})
    void largeDataThatOnlyAHostComputesIsMeasuredAndNotCompared(ElementType type, ReduceOp op, long mega) {
        Cases cases = of(type, op, 1);
        for (Case one : cases.bandwidth()) {
            boolean compared = one.collective().equals("all_gather") || mega == 0 || one.bytes() <= mega << 20;
            assertThat(one.request().orElseThrow().checks()).as(one.id()).isEqualTo(compared ? 1 : 0);
        }
        assertThat(cases.notCompared().isPresent()).isEqualTo(mega > 0);
        cases.notCompared()
                .ifPresent(words -> assertThat(words)
                        .isEqualTo("the data of all_reduce is not compared above 8388608 elements: no kernel computes "
                                + type.wireName() + " with " + op.wireName() + " of 8 ranks"));
    }

    @Test
    void whereNothingIsToBeComparedNothingIsMissing() {
        assertThat(of(ElementType.F8E4M3, ReduceOp.SUM, 0).notCompared()).isEmpty();
    }
}
