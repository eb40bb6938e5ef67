package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is not let into a group, and what they are told. */
@SimTest
class RefusalTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({"16, 0xcafebeef, 0", "24, 0x12345678, 0", "24, 0xcafebeef, 2"})
    void aConfigThatIsNoneIsRefused(long size, String magic, int blocking) throws Exception {
        MemorySegment config = Comm.config(size, Long.decode(magic).intValue(), blocking);
        UniqueId id = Comm.newId();

        assertThat(Ranks.run(1, (_, _) -> new Comm().init(1, id, 0, config))).containsExactly(Comm.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2", "2, -1", "-1, 0"})
    void aRankOutsideTheWorldIsRefused(int world, int rank) throws Exception {
        UniqueId id = Comm.newId();

        assertThat(Ranks.run(1, (_, _) -> new Comm().init(world, id, rank))).containsExactly(Comm.INVALID_ARGUMENT);
        assertThat(Comm.lastError()).contains("Invalid rank requested : " + rank + "/" + world);
    }

    @Test
    void anIdThatIsNotOursIsRefused() throws Exception {
        assertThat(Ranks.run(1, (_, _) -> stateAfterInit(2, UniqueId.empty(), 0)))
                .containsExactly(Comm.INVALID_ARGUMENT);
    }

    @Test
    void anIdServesOneGroup() throws Exception {
        UniqueId id = Comm.newId();
        Ranks.run(1, (_, _) -> Comm.joined(1, id, 0).destroy());

        assertThat(Ranks.run(1, (_, _) -> stateAfterInit(1, id, 0))).containsExactly(Comm.SYSTEM_ERROR);
        assertThat(Comm.lastError()).contains("Connect to 127.0.0.1", "Connection refused");
    }

    @Test
    void ranksThatDisagreeOnTheWorldSizeAreAllRefused() throws Exception {
        UniqueId id = Comm.newId();

        assertThat(Ranks.run(2, (rank, _) -> stateAfterInit(rank + 2, id, rank)))
                .containsExactly(Comm.REMOTE_ERROR, Comm.REMOTE_ERROR);
        assertThat(Comm.lastError()).contains("mismatch in rank count");
    }

    @Test
    void aRankThatIsTakenTwiceIsRefused() throws Exception {
        UniqueId id = Comm.newId();

        assertThat(Ranks.run(2, (_, _) -> stateAfterInit(3, id, 1)))
                .containsExactly(Comm.REMOTE_ERROR, Comm.REMOTE_ERROR);
        assertThat(Comm.lastError()).contains("rank 1 of 3 ranks has already checked in");
        assertThat(Ranks.run(1, (_, _) -> stateAfterInit(3, id, 0)))
                .as("who comes late")
                .containsExactly(Comm.REMOTE_ERROR);
        assertThat(Comm.lastError()).contains("rank 1 of 3 ranks has already checked in");
    }

    @Test
    void twoRanksOnOneGpuAreRefused() throws Exception {
        assertThat(statesOnOneGpu()).containsExactly(Comm.INVALID_USAGE, Comm.INVALID_USAGE);
        assertThat(Comm.lastError()).contains("Duplicate GPU detected", "both on CUDA device 1000");
    }

    @Test
    void twoRanksOnOneGpuAreAllowedByASettingFrom230On() throws Exception {
        try (Environment _ = Environment.with("NCCL_MULTI_RANK_GPU_ENABLE", "1")) {
            assertThat(statesOnOneGpu()).as("2.28").containsExactly(Comm.INVALID_USAGE, Comm.INVALID_USAGE);
            try (Environment _ = Environment.with("NEURONTP_SIM_NCCL_VERSION", "23000")) {
                assertThat(statesOnOneGpu()).as("2.30").containsExactly(0, 0);
            }
        }
    }

    /** 2.30.3 and 2.30.4: the others wait for the one that knows. */
    @Test
    void inTheFirstReleasesOf230OnlyTheFirstRankOfTheHostIsTold() throws Exception {
        try (Environment _ = Environment.with("NEURONTP_SIM_NCCL_VERSION", "23003")) {
            assertThat(statesOnOneGpu(Duration.ofMillis(500))).containsExactly(Comm.INVALID_USAGE, Comm.IN_PROGRESS);
            assertThat(Comm.lastError()).doesNotContain("Duplicate GPU");
        }
    }

    @Test
    void from2307OnAllAreToldWithoutRankOrDevice() throws Exception {
        try (Environment _ = Environment.with("NEURONTP_SIM_NCCL_VERSION", "23007")) {
            assertThat(statesOnOneGpu()).containsExactly(Comm.INVALID_USAGE, Comm.INVALID_USAGE);
            assertThat(Comm.lastError())
                    .contains("Multiple Ranks are using the same GPU/Partition")
                    .doesNotContain("rank 0", "rank 1", "device");
        }
    }

    private static int stateAfterInit(int world, UniqueId id, int rank) {
        return stateAfterInit(world, id, rank, SOON);
    }

    private static int stateAfterInit(int world, UniqueId id, int rank, Duration patience) {
        Comm comm = new Comm();
        assertThat(comm.init(world, id, rank)).isEqualTo(Comm.IN_PROGRESS);
        int state = comm.await(patience);
        assertThat(comm.abort()).isZero();
        return state;
    }

    private static List<Integer> statesOnOneGpu() throws Exception {
        return statesOnOneGpu(SOON);
    }

    private static List<Integer> statesOnOneGpu(Duration patience) throws Exception {
        UniqueId id = Comm.newId();
        return Ranks.run(2, (rank, _) -> {
            try (Gpu _ = Gpu.open(0)) {
                return stateAfterInit(2, id, rank, patience);
            }
        });
    }
}
