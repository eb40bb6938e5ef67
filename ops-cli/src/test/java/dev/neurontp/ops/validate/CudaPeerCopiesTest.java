package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.validate.PeerCopies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies between the devices of the stand-in for CUDA. */
class CudaPeerCopiesTest {
    private static final int GPUS = 10;
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Without NVSwitch a device may access eight others at once, those of other processes counted: then it copies through the host. */
    @ParameterizedTest
    @CsvSource({"8, true", "0, false"})
    void moreGpusThanADeviceMayAccessAtOnceAreCopiedBetween(int most, boolean access) throws InterruptedException {
        assumeTrue(StandIn.isBuilt(), StandIn.MISSING);
        Map<String, String> environment = StandIn.environment(
                Map.of("NEURONTP_SIM_DEVICES", Integer.toString(GPUS), "NEURONTP_SIM_PEERS", Integer.toString(most)));
        List<Long> devices = LongStream.range(0, GPUS).boxed().toList();
        PeerCopies.Answer answer = new CudaPeerCopies(environment).copy(devices, 4096, 1, 7, BOUND, () -> false);
        assertThat(answer.problem()).isEmpty();
        assertThat(answer.copies())
                .hasSize(GPUS * (GPUS - 1))
                .allSatisfy(copy -> assertThat(copy.access()).isEqualTo(access))
                .allSatisfy(copy -> assertThat(copy.large().wrong()).isZero());
    }

    /** Before the first answer, and between two copies. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5})
    void aRunThatIsEndedWaitsForNoOtherCopyAndBlamesNobody(int questions) throws InterruptedException {
        assumeTrue(StandIn.isBuilt(), StandIn.MISSING);
        Map<String, String> environment = StandIn.environment(Map.of("NEURONTP_SIM_DEVICES", Integer.toString(GPUS)));
        List<Long> devices = LongStream.range(0, GPUS).boxed().toList();
        AtomicInteger copied = new AtomicInteger();
        PeerCopies.Answer answer = new CudaPeerCopies(environment)
                .copy(devices, 4096, 1, 7, BOUND, () -> copied.incrementAndGet() > questions);
        assertThat(answer.copies()).hasSizeLessThan(GPUS * (GPUS - 1));
        assertThat(answer.problem()).isEmpty();
        assertThat(answer.hung()).isFalse();
    }
}
