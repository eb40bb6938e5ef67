package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unique ids, joining, and what a communicator says of itself. */
@SimTest
class InitTest {
    private static final int MAGIC = 0xcafebeef;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(200);

    private final NativeLibrary nccl = Comm.library();

    @Test
    void theVersionLooksRealAndCanBeSet() {
        assertThat(version()).isEqualTo(22809);
        try (Environment _ = Environment.with("NEURONTP_SIM_NCCL_VERSION", "23001")) {
            assertThat(version()).isEqualTo(23001);
        }
    }

    @Test
    void everyIdIsAnother() {
        assertThat(Set.of(Comm.newId().hex(), Comm.newId().hex(), Comm.newId().hex()))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void allRanksJoinAndKnowWhoTheyAre(int world) throws Exception {
        List<String> told = Ranks.joined(world, (_, _, comm) -> {
            String answer =
                    comm.ask("ncclCommCount") + " " + comm.ask("ncclCommUserRank") + " " + comm.ask("ncclCommCuDevice");
            assertThat(comm.destroy()).isZero();
            return answer;
        });

        for (int rank = 0; rank < world; rank++) assertThat(told.get(rank)).isEqualTo(world + " " + rank + " " + rank);
    }

    @Test
    void aBlockingInitReturnsWhenAllAreIn() throws Exception {
        UniqueId id = Comm.newId();

        List<Integer> sums = Ranks.run(3, (rank, gpu) -> {
            Comm comm = new Comm();
            assertThat(comm.initBlocking(3, id, rank)).isZero();
            int sum = Words.in(gpu.read(comm.sumOf(rank + 1, gpu), 4));
            assertThat(comm.destroy()).isZero();
            return sum;
        });

        assertThat(sums).containsExactly(6, 6, 6);
    }

    @Test
    void aBlockingInitThatWaitsForARankIsEndedByAnAbort() throws Exception {
        UniqueId id = Comm.newId();
        Comm comm = new Comm();
        FutureTask<Integer> init = Ranks.start("rank-0", () -> {
            try (Gpu _ = Gpu.open(0)) {
                return comm.initBlocking(2, id, 0);
            }
        });
        await().until(() -> comm.handle() != 0 && comm.state() == Comm.IN_PROGRESS);

        assertThat(comm.abort()).isZero();

        assertThat(init.get(10, TimeUnit.SECONDS)).isNotZero();
    }

    @Test
    void initWithoutAPeerStaysInProgressUntilTheAbort() throws Exception {
        UniqueId id = Comm.newId();
        Ranks.run(1, (_, _) -> {
            Comm comm = new Comm();
            assertThat(comm.init(2, id, 0)).isEqualTo(Comm.IN_PROGRESS);
            assertThat(comm.await(WHILE)).isEqualTo(Comm.IN_PROGRESS);
            assertThat(comm.ask("ncclCommCount")).isEqualTo(-Comm.INVALID_ARGUMENT);
            assertThat(Comm.lastError()).contains("before the previous operation");
            assertThat(comm.abort()).isZero();
            return null;
        });
    }

    @ParameterizedTest
    @CsvSource({"24, 0", "40, 0", "48, 0", "80, 0", "128, 0", "4096, 0"})
    void aConfigOfAnyLaterSizeIsTaken(long size, int blocking) throws Exception {
        assertThat(initAlone(Comm.config(size, MAGIC, blocking))).isEqualTo(Comm.IN_PROGRESS);
    }

    @ParameterizedTest
    @CsvSource({"16, 0xcafebeef, 0", "24, 0x12345678, 0", "24, 0xcafebeef, 2"})
    void aConfigThatIsNoneIsRefused(long size, String magic, int blocking) throws Exception {
        MemorySegment config = Comm.config(size, Long.decode(magic).intValue(), blocking);

        assertThat(initAlone(config)).isEqualTo(Comm.INVALID_ARGUMENT);
    }

    @Test
    void aConfigThatLeavesBlockingOpenAndNoConfigBlock() throws Exception {
        assertThat(initAlone(Comm.config(24, MAGIC, Integer.MIN_VALUE))).isZero();
        assertThat(initAlone(MemorySegment.NULL)).isZero();
    }

    @Test
    void theEnvironmentGoesBeforeTheConfig() throws Exception {
        try (Environment _ = Environment.with("NCCL_COMM_BLOCKING", "1")) {
            assertThat(initAlone(Comm.config(24, MAGIC, 0))).isZero();
        }
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

    @Test
    void oneThreadJoinsForAllItsDevices() throws Exception {
        Ranks.run(1, (_, _) -> {
            MemorySegment handles = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 3);
            assertThat(nccl.call("ncclCommInitAll", handles, 3, MemorySegment.NULL))
                    .as(Comm.lastError())
                    .isZero();
            for (int rank = 0; rank < 3; rank++)
                assertThat(nccl.call("ncclCommDestroy", handles.getAtIndex(ValueLayout.JAVA_LONG, rank)))
                        .isZero();
            assertThat(nccl.call("ncclCommInitAll", handles, 9, MemorySegment.NULL))
                    .isEqualTo(Comm.CUDA_ERROR);
            return null;
        });
    }

    @Test
    void aCommunicatorThatWasEndedIsRefused() throws Exception {
        Ranks.joined(1, (_, _, comm) -> {
            assertThat(comm.finish()).isEqualTo(Comm.IN_PROGRESS);
            assertThat(comm.await(SOON)).isZero();
            assertThat(comm.destroy()).isZero();

            assertThat(comm.destroy()).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.state()).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.abort()).isEqualTo(Comm.INVALID_ARGUMENT);
            return null;
        });
    }

    @Test
    void aResultHasWordsAndTheLastErrorSaysThatThisIsASimulation() {
        assertThat(nccl.text("ncclGetErrorString", 6)).startsWith("remote process exited");
        assertThat(nccl.text("ncclGetErrorString", 99)).isEqualTo("unknown result code");
        assertThat(nccl.call("ncclGetUniqueId", MemorySegment.NULL)).isEqualTo(Comm.INVALID_ARGUMENT);
        assertThat(Comm.lastError()).startsWith("(neurontp simulation) ");
    }

    private int version() {
        MemorySegment version = Arena.ofAuto().allocate(ValueLayout.JAVA_INT);
        assertThat(nccl.call("ncclGetVersion", version)).isZero();
        return version.get(ValueLayout.JAVA_INT, 0);
    }

    /** What init gives; the communicator is ended again. */
    private static int initAlone(MemorySegment config) throws Exception {
        UniqueId id = Comm.newId();
        return Ranks.run(1, (_, _) -> {
                    Comm comm = new Comm();
                    int result = comm.init(1, id, 0, config);
                    if (comm.handle() == 0) return result;
                    assertThat(comm.await(SOON)).isZero();
                    assertThat(comm.destroy()).isZero();
                    return result;
                })
                .getFirst();
    }

    private static int stateAfterInit(int world, UniqueId id, int rank) {
        Comm comm = new Comm();
        assertThat(comm.init(world, id, rank)).isEqualTo(Comm.IN_PROGRESS);
        int state = comm.await(SOON);
        assertThat(comm.abort()).isZero();
        return state;
    }

    private static List<Integer> statesOnOneGpu() throws Exception {
        UniqueId id = Comm.newId();
        return Ranks.run(2, (rank, _) -> {
            try (Gpu _ = Gpu.open(0)) {
                return stateAfterInit(2, id, rank);
            }
        });
    }
}
