package dev.neurontp.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.neurontp.harness.model.ModelRefusedException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CandleHarnessTest {
    private final HarnessRegistry registry = HarnessRegistry.of(new CandleHarness());

    @Test
    void tensorParallelIsRefusedNamingTheModelTheNumberAndWhatIsMissing() {
        ModelRefusedException refused =
                refusal(ModelSpec.of("llama-70b", "candle").spreadOver(4, List.of(0L, 1L, 2L, 3L)));

        assertThat(refused.reason()).isEqualTo(Reason.NOT_SUPPORTED);
        assertThat(refused).hasMessageContainingAll("'llama-70b'", "tensor_parallel 4", "stage 7b", "--tp-size 4");
    }

    @Property
    void everyNumberOfRanksAboveOneIsRefusedWithThatNumber(@ForAll @LongRange(min = 2, max = 4294967295L) long ranks) {
        assertThat(refusal(ModelSpec.of("m", "candle").spreadOver(ranks, List.of())))
                .hasMessageContaining("tensor_parallel " + ranks + ",");
    }

    @Test
    void oneRankOrNoneIsRefusedForWantOfAnEngine() {
        assertThat(refusal(ModelSpec.of("tiny", "candle")))
                .hasMessageContainingAll("'tiny'", "'candle'", "no inference engine");
        assertThat(refusal(ModelSpec.of("tiny", "candle").spreadOver(1, List.of(3L))))
                .hasMessageContaining("no inference engine");
    }

    @Test
    void anUnknownHarnessIsRefusedWithTheKnownOnes() {
        ModelRefusedException refused = refusal(ModelSpec.of("tiny", "vllm"));

        assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_HARNESS);
        assertThat(refused).hasMessageContainingAll("'tiny'", "'vllm'", "[candle]");
    }

    @Test
    void devicesMustMatchTheRanks() {
        ModelSpec spec = ModelSpec.of("m", "candle");

        assertThatThrownBy(() -> spec.spreadOver(3, List.of(0L, 1L)))
                .hasMessage("devices [0, 1] has 2 entries for tensor_parallel 3: give one device per rank, or none");
        assertThatThrownBy(() -> spec.spreadOver(2, List.of(1L, 1L))).hasMessageContaining("names a device twice");
        assertThatThrownBy(() -> new ModelSpec("m", "candle", Optional.empty(), OptionalLong.empty(), List.of(0L, 1L)))
                .hasMessageContaining("2 entries for tensor_parallel 1");
    }

    @Test
    void numbersOutOfRangeAreRefusedWithTheValueAndTheRule() {
        ModelSpec spec = ModelSpec.of("m", "candle");

        assertThatThrownBy(() -> spec.spreadOver(0, List.of()))
                .hasMessage("tensor_parallel is 0: it must be between 1 and 4294967295");
        assertThatThrownBy(() -> spec.spreadOver(-1, List.of())).hasMessageContaining("tensor_parallel is -1");
        assertThatThrownBy(() -> spec.spreadOver(4294967296L, List.of())).hasMessageContaining("4294967296");
        assertThatThrownBy(() -> spec.spreadOver(1, List.of(-1L))).hasMessageContaining("devices is -1");
        assertThatThrownBy(() -> spec.spreadOver(1, List.of(4294967296L)))
                .hasMessageContaining("devices is 4294967296");
    }

    @Test
    void blankNamesAreRefused() {
        assertThatThrownBy(() -> ModelSpec.of(" ", "candle")).hasMessage("model_id is ' ': it must not be blank");
        assertThatThrownBy(() -> ModelSpec.of("m", "")).hasMessage("harness is '': it must not be blank");
    }

    @Test
    void twoHarnessesOfOneNameAreRefused() {
        assertThatThrownBy(() -> HarnessRegistry.of(new CandleHarness(), new CandleHarness()))
                .hasMessageContaining("'candle'");
    }

    private ModelRefusedException refusal(ModelSpec spec) {
        return catchThrowableOfType(ModelRefusedException.class, () -> registry.load(spec));
    }
}
