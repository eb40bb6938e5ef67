package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault does what docs/nccl.md says, on the rank that it names and nowhere else. */
@SimTest
class StandInFaultTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(200);

    @ParameterizedTest
    @CsvSource({
        "oom@init:1, 1, Cuda failure 2 'out of memory' (rank 1",
        "system@init:1, 2, Too many open files (rank 1",
        "internal@init:1, 3, No transport found for rank 1"
    })
    void oneRanksInitFailsAndTheOtherWaitsForIt(String fault, int result, String words) throws Exception {
        try (Environment _ = Environment.withFault(fault)) {
            List<Integer> states = Ranks.run(2, initFor(2, rank -> rank == 0 ? WHILE : SOON));

            assertThat(states).containsExactly(Comm.IN_PROGRESS, result);
        }
        assertThat(Comm.lastError()).isNotEmpty();
        try (Environment _ = Environment.withFault(fault.replace(":1", ""))) {
            assertThat(Ranks.run(1, initFor(2, _ -> SOON))).containsExactly(result);
            assertThat(Comm.lastError()).contains(words.replace("rank 1", "rank 0"));
        }
    }

    @Test
    void aRankThatHangsInInitKeepsAllWaiting() throws Exception {
        try (Environment _ = Environment.withFault("hang@init:1")) {
            assertThat(Ranks.run(3, initFor(3, _ -> WHILE)))
                    .hasSize(3)
                    .allMatch(state -> state == Comm.IN_PROGRESS || state == Comm.REMOTE_ERROR)
                    .contains(Comm.IN_PROGRESS);
        }
    }

    @Test
    void aRankThatComesLateIsWaitedFor() throws Exception {
        try (Environment _ = Environment.withFault("delay@init:1,delay@collective:1");
                Environment _ = Environment.with("NEURONTP_SIM_DELAY_MS", "150")) {
            long start = System.nanoTime();
            assertThat(sums(2)).containsExactly(2, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
        }
    }

    @Test
    void noIdIsCreatedWhereTheBootstrapFails() {
        try (Environment _ = Environment.withFault("system@unique-id")) {
            assertThat(catchThrowable(Comm::newId)).isNotNull();
            assertThat(Comm.lastError()).contains("no socket interface found");
        }
    }

    @Test
    void aContributionThatIsLeftOutMakesTheSumWrongForAll() throws Exception {
        try (Environment _ = Environment.withFault("skip@collective:1")) {
            assertThat(sums(3)).containsExactly(2, 2, 2);
        }
        try (Environment _ = Environment.withFault("skip@collective:0")) {
            assertThat(sums(3)).containsExactly(2, 2, 2);
        }
    }

    @Test
    void aResultThatIsCorruptedIsWrongForOneRank() throws Exception {
        try (Environment _ = Environment.withFault("corrupt@collective:1")) {
            assertThat(sums(3)).containsExactly(3, 2, 3);
        }
    }

    @Test
    void aFaultMayComeInALaterCollective() throws Exception {
        try (Environment _ = Environment.withFault("corrupt@collective:0#2")) {
            Ranks.joined(1, (_, gpu, comm) -> {
                for (int expected : new int[] {6, 7, 6}) {
                    long sum = comm.sumOf(6, gpu);
                    assertThat(comm.await(SOON)).isZero();
                    assertThat(IntBytes.toInt(gpu.read(sum, 4))).isEqualTo(expected);
                }
                return comm.destroy();
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aCollectiveThatHangsIsEndedByTheAbort(int rank) throws Exception {
        try (Environment _ = Environment.withFault("hang@collective:" + rank)) {
            Ranks.joined(2, (_, gpu, comm) -> {
                comm.sumOf(1, gpu);
                assertThat(comm.await(SOON)).isZero();
                await().pollInSameThread().during(WHILE).until(() -> gpu.query() == Gpu.NOT_READY);
                assertThat(comm.state()).isIn(0, Comm.REMOTE_ERROR);
                assertThat(comm.abort()).isZero();
                gpu.synchronize();
                return null;
            });
        }
    }

    @Test
    void aCallThatHangsBeforeTheStreamIsEndedByTheAbort() throws Exception {
        try (Environment _ = Environment.withFault("hang@enqueue:0")) {
            Ranks.joined(1, (_, gpu, comm) -> {
                comm.sumOf(1, gpu);
                assertThat(comm.await(WHILE)).isEqualTo(Comm.IN_PROGRESS);
                assertThat(gpu.query()).as("nothing is on the stream").isZero();
                assertThat(comm.abort()).isZero();
                return null;
            });
        }
    }

    @Test
    void aKernelThatFailsFailsTheContextAndTheCommunicator() throws Exception {
        try (Environment _ = Environment.withFault("cuda@collective:0")) {
            Ranks.joined(1, (_, gpu, comm) -> {
                comm.sumOf(1, gpu);
                await().until(() -> comm.state() == Comm.CUDA_ERROR);
                assertThat(Comm.lastError()).contains("719");
                assertThat(comm.abort()).isZero();
                assertThat(gpu.query()).isEqualTo(719);
                assertThat(Gpu.library().call("cuMemAlloc_v2", MemorySegment.NULL, 4L))
                        .isEqualTo(719);
                return null;
            });
        }
    }

    @Test
    void anAbortThatHangsNeverReturns() throws Exception {
        try (Environment _ = Environment.withFault("hang@abort")) {
            FutureTask<Integer> abort = Ranks.start("abort", () -> {
                Gpu _ = Gpu.open(0);
                return Comm.joined(1, Comm.newId(), 0).abort();
            });

            assertThat(catchThrowable(() -> abort.get(500, TimeUnit.MILLISECONDS)))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aDestroyThatHangsNeverReturns() throws Exception {
        try (Environment _ = Environment.withFault("hang@destroy")) {
            FutureTask<Integer> destroy = Ranks.start("destroy", () -> {
                Gpu _ = Gpu.open(0);
                return Comm.joined(1, Comm.newId(), 0).destroy();
            });

            assertThat(catchThrowable(() -> destroy.get(500, TimeUnit.MILLISECONDS)))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aFinalizeThatHangsIsEndedByTheAbort() throws Exception {
        try (Environment _ = Environment.withFault("hang@finalize")) {
            Ranks.joined(1, (_, _, comm) -> {
                assertThat(comm.finish()).isEqualTo(Comm.IN_PROGRESS);
                assertThat(comm.await(WHILE)).isEqualTo(Comm.IN_PROGRESS);
                assertThat(comm.abort()).isZero();
                return null;
            });
        }
    }

    private static List<Integer> sums(int world) throws Exception {
        return Ranks.joined(world, (_, gpu, comm) -> {
            long sum = comm.sumOf(1, gpu);
            assertThat(comm.await(SOON)).isZero();
            int result = IntBytes.toInt(gpu.read(sum, 4));
            assertThat(comm.destroy()).isZero();
            return result;
        });
    }

    private interface Patience {
        Duration of(int rank);
    }

    /** Gives the state that each rank's init is in after its time, and ends it. */
    private static Ranks.Body<Integer> initFor(int world, Patience patience) {
        UniqueId id = Comm.newId();
        return (rank, _) -> {
            Comm comm = new Comm();
            assertThat(comm.init(world, id, rank)).isEqualTo(Comm.IN_PROGRESS);
            int state = comm.await(patience.of(rank));
            assertThat(comm.abort()).isZero();
            return state;
        };
    }
}
