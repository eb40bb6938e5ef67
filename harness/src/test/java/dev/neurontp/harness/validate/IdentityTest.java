package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XDeviceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IdentityTest {
    private static List<CaseResult> failed(List<RankDevice> ranks) {
        return new Identity(ranks, false, true)
                .results().stream()
                        .filter(result -> result.status() == Status.FAIL)
                        .toList();
    }

    @Test
    void equalRanksWithAGpuEachPass() {
        assertThat(failed(Samples.ranks(8, false))).isEmpty();
    }

    @Test
    void aRankThatDoesNotSayIsNamed() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(3, false));
        ranks.set(1, new RankDevice(1, 101, 1, Optional.empty(), "x_unsupported: no driver"));
        CaseResult silent = new Identity(ranks, false, true).results().getFirst();
        assertThat(silent.status()).isEqualTo(Status.WARN);
        assertThat(silent.reason()).isEqualTo("1 of 3 ranks do not say what they run on");
        assertThat(silent.evidence()).containsExactly("rank 1 (device 1, pid 101): x_unsupported: no driver");
    }

    @Test
    void twoRanksOnOneGpuAreNamed() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(3, false));
        ranks.set(2, new RankDevice(2, 102, 0, Optional.of(Samples.gpu(0, false)), ""));
        List<CaseResult> failed = failed(ranks);
        assertThat(failed).hasSize(1);
        assertThat(failed.getFirst().evidence().getFirst())
                .contains("one GPU for 2 ranks", "rank 0 (", "rank 2 (", "GPU-00000000");
        assertThat(new Identity(ranks, true, true).results().getFirst().status())
                .isEqualTo(Status.WARN);
    }

    /** The same UUID on another host is another GPU for the boot it belongs to. */
    @Test
    void anotherBootIsAnotherHost() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(2, false));
        ranks.set(1, other(1, Samples.gpu(0, false), "boot-2", "2.28.9", "580.95.05", false));
        assertThat(failed(ranks)).isEmpty();
    }

    @Test
    void differentVersionsAndAMixtureWithASimulationFail() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(3, false));
        XDeviceInfo gpu = Samples.gpu(2, false);
        ranks.set(2, other(2, gpu, "boot-1", "2.27.3", "580.95.05", false));
        assertThat(failed(ranks)).singleElement().satisfies(result -> {
            assertThat(result.of().id()).isEqualTo("identity/nccl");
            assertThat(result.evidence()).containsExactly("'2.27.3' on ranks [2]", "'2.28.9' on ranks [0, 1]");
        });
        ranks.set(2, other(2, gpu, "boot-1", "2.28.9", "570.1", false));
        assertThat(failed(ranks))
                .singleElement()
                .satisfies(result -> assertThat(result.of().id()).isEqualTo("identity/driver"));
        ranks.set(2, other(2, gpu, "boot-1", "2.28.9", "580.95.05", true));
        assertThat(failed(ranks))
                .singleElement()
                .satisfies(result -> assertThat(result.of().id()).isEqualTo("identity/simulation"));
    }

    @Test
    void aClaimOfHardwareIsNotBelievedWhereThePoolUsesNone() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(2, true));
        assertThat(new Identity(ranks, false, false).results()).noneMatch(result -> result.status() == Status.FAIL);
        ranks.set(1, Samples.ranks(2, false).get(1));
        assertThat(new Identity(ranks, false, false).results())
                .filteredOn(result -> result.status() == Status.FAIL)
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.of().id()).isEqualTo("identity/simulation");
                    assertThat(result.evidence()).singleElement().asString().contains("rank 1 (", "simulated 0");
                });
    }

    /** A rank of another program may know no x_device: it says nothing, and that is no difference. */
    @Test
    void ranksAreComparedOnlyWithThoseThatSaySomething() {
        List<RankDevice> ranks = new ArrayList<>(Samples.ranks(3, false));
        ranks.set(1, new RankDevice(1, 101, 1, Optional.empty(), RankDevice.NO_EXTENSION));
        assertThat(failed(ranks)).isEmpty();
    }

    @Test
    void aWorkerWithoutTheExtensionIsSaidSo() {
        CaseResult result = new Identity(
                        List.of(new RankDevice(0, 1, 0, Optional.empty(), RankDevice.NO_EXTENSION)), false, true)
                .results()
                .getFirst();
        assertThat(result.status()).isEqualTo(Status.SKIPPED);
        assertThat(result.reason()).contains("no x_device");
    }

    private static RankDevice other(
            int rank, XDeviceInfo gpu, String boot, String nccl, String driver, boolean simulated) {
        return new RankDevice(
                rank,
                100 + rank,
                rank,
                Optional.of(new XDeviceInfo(
                        gpu.host(),
                        boot,
                        gpu.communicator(),
                        simulated,
                        gpu.deviceUuid(),
                        gpu.pciBusId(),
                        gpu.deviceName(),
                        driver,
                        gpu.cuda(),
                        nccl,
                        gpu.ncclLibrary(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        "",
                        "9.0")),
                "");
    }
}
