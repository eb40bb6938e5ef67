package dev.neurontp.ops.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.validate.GpuReading;
import dev.neurontp.harness.validate.GpuWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readings of the stand-in for NVML, whose values change from look to look. */
class NvmlGpuWatchTest {
    private static final Path NVML = Path.of("target/sim/libnvidia-ml.so.1").toAbsolutePath();

    private static GpuWatch watch(String state) {
        assumeTrue(Files.exists(NVML), "SKIPPED: there is no stand-in at " + NVML + ": it needs gcc");
        return NvmlGpuWatch.start(Map.of(
                "NEURON_NVML_LIBRARY", NVML.toString(), "NEURONTP_SIM_NVML", state, "NEURONTP_SIM_DEVICES", "2"));
    }

    private static GpuWatch.Reading read(GpuWatch watch) throws InterruptedException {
        return watch.read(() -> false);
    }

    /** A report of hours waits for it, and has 8 s. */
    @Test
    @Timeout(15)
    void aReadingThatHangsIsGivenUpSoonAfterTheRunWasEnded() throws InterruptedException {
        try (GpuWatch watch = watch("init_ms=600000")) {
            GpuWatch.Reading reading = watch.read(() -> true);
            assertThat(reading.hung()).isFalse();
            assertThat(reading.problem()).isPresent();
        }
    }

    @Test
    void aRunThatWasEndedStillHasAReadingOfAnNvmlThatAnswers() throws InterruptedException {
        try (GpuWatch watch = watch("")) {
            assertThat(watch.read(() -> true).gpus()).hasSize(2);
        }
    }

    @Test
    void valuesAreThoseOfTheMoment() throws InterruptedException {
        try (GpuWatch watch =
                watch("temperature@1=81#2,sm_clock@1=1200#2,ecc@1=3#3,remap_pending@1#3,clock@1=0x40#2,lost@0#3")) {
            GpuReading before = read(watch).gpus().get(1);
            assertThat(before.uuid()).startsWith("GPU-");
            assertThat(before.temperature()).hasValue(40);
            assertThat(before.clock()).hasValue(1980);
            assertThat(before.uncorrected()).hasValue(0);
            assertThat(before.xidsSeen()).isTrue();
            GpuReading second = read(watch).gpus().get(1);
            assertThat(second.temperature()).hasValue(81);
            assertThat(second.clock()).hasValue(1200);
            assertThat(second.slowdowns()).hasValue(0x40);
            assertThat(second.uncorrected()).hasValue(0);
            GpuReading third = read(watch).gpus().get(1);
            assertThat(third.uncorrected()).hasValue(3);
            assertThat(third.remapPending()).hasValue(1);
        }
    }

    /** Of a lost GPU every call fails, that for its UUID too: it must not be missing from the readings. */
    @Test
    void aGpuThatIsLostIsToldByNameFromThenOn() throws InterruptedException {
        try (GpuWatch watch = watch("lost@0#2,xid@0=79#2")) {
            GpuReading before = read(watch).gpus().getFirst();
            assertThat(before.lost()).isFalse();
            GpuReading then = read(watch).gpus().getFirst();
            assertThat(then.lost()).isTrue();
            assertThat(then.xids()).containsExactly(79L);
            for (int i = 0; i < 2; i++) {
                GpuReading later = read(watch).gpus().getFirst();
                assertThat(later.uuid()).isEqualTo(before.uuid());
                assertThat(later.lost()).isTrue();
                assertThat(later.temperature()).isEmpty();
            }
        }
    }

    /** The driver keeps an Xid until it is asked, and tells it once. */
    @Test
    void anXidIsToldOnce() throws InterruptedException {
        try (GpuWatch watch = watch("xid@0=79#2")) {
            assertThat(read(watch).gpus().getFirst().xids()).isEmpty();
            assertThat(read(watch).gpus().getFirst().xids()).containsExactly(79L);
            assertThat(read(watch).gpus().getFirst().xids()).isEmpty();
        }
    }

    @Test
    void whereXidsCannotBeSeenThatIsSaid() throws InterruptedException {
        try (GpuWatch watch = watch("no_events@0")) {
            assertThat(read(watch).gpus()).extracting(GpuReading::xidsSeen).containsExactly(false, true);
        }
    }

    @Test
    void aLibraryThatIsNotThereIsTheProblem() throws InterruptedException {
        try (GpuWatch watch = NvmlGpuWatch.start(Map.of("NEURON_NVML_LIBRARY", "/nonexistent.so"))) {
            GpuWatch.Reading reading = read(watch);
            assertThat(reading.gpus()).isEmpty();
            assertThat(reading.hung()).isFalse();
            assertThat(reading.problem())
                    .hasValueSatisfying(words -> assertThat(words).contains("/nonexistent.so"));
            assertThat(read(watch).problem()).isEqualTo(reading.problem());
        }
    }
}
