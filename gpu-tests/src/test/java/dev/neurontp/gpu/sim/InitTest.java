package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        assertThat(Stream.generate(() -> Comm.newId().hex()).limit(5)).doesNotHaveDuplicates();
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
            int sum = IntBytes.toInt(gpu.read(comm.sumOf(rank + 1, gpu), 4));
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
}
