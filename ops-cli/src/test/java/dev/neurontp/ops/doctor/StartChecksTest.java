package dev.neurontp.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.ops.doctor.check.Checks;
import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.DiskSpace;
import dev.neurontp.ops.doctor.probe.Facts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps {@code tpctl up} from starting a pool over NCCL: the driver is not asked. */
class StartChecksTest {
    @TempDir
    private Path root;

    private MadeUpHost host;

    @BeforeEach
    void askNothing() {
        host = new MadeUpHost(root);
        host.cuda.clear();
    }

    @Test
    void nothingIsKnownAgainstAHealthyHost() throws InterruptedException {
        assertThat(StartChecks.obstacles(host.evidence(Facts.NONE))).isEmpty();
    }

    @Test
    void aWarningStopsNothing() throws InterruptedException {
        host.environment.put("NCCL_P2P_DISABLE", "1");
        host.writeBridge(true);
        assertThat(StartChecks.obstacles(host.evidence(Facts.NONE))).isEmpty();
    }

    @Test
    void everyFailureIsNamedWithItsRemedy() throws InterruptedException {
        host.shm = Optional.of(new DiskSpace(64 << 20, 64 << 20));
        host.environment.put("CUDA_VISIBLE_DEVICES", "0,1");
        assertThat(StartChecks.obstacles(host.evidence(Facts.NONE)))
                .satisfiesExactly(
                        shm -> assertThat(shm).contains("D11 shm", "512 MiB for 8 ranks", "->"),
                        visible -> assertThat(visible).contains("D23 visible", "2 GPUs are visible", "unset"));
    }

    /** A validation shows every row, with the ones that are well and those that nobody could look at. */
    @Test
    void everyRowHasAnOutcome() throws InterruptedException {
        host.shm = Optional.of(new DiskSpace(64 << 20, 64 << 20));
        assertThat(StartChecks.outcomes(host.evidence(Facts.NONE)))
                .hasSameSizeAs(Checks.BEFORE_START)
                .anySatisfy(outcome -> {
                    assertThat(outcome.row()).isEqualTo("D11 shm");
                    assertThat(outcome.level()).isEqualTo(Level.FAIL);
                    assertThat(outcome.words()).contains("Wanted: 512 MiB for 8 ranks", "->");
                })
                .anySatisfy(outcome -> assertThat(outcome.level()).isEqualTo(Level.OK));
    }

    /** Nobody asks NVML: the device files say how many GPUs there are for this process. */
    @Test
    void gpusOfOtherJobsAreNotCounted() throws InterruptedException {
        for (int i = 2; i < MadeUpHost.GPUS; i++) {
            host.refuse("/dev/nvidia" + i);
        }
        host.wanted = new Wanted(2, List.of(), true, true, false);
        assertThat(StartChecks.obstacles(host.evidence(Facts.NONE))).isEmpty();
        host.wanted = new Wanted(4, List.of(), true, true, false);
        assertThat(StartChecks.obstacles(host.evidence(Facts.NONE)))
                .singleElement()
                .asString()
                .contains("D23", "2 GPUs are visible");
    }
}
