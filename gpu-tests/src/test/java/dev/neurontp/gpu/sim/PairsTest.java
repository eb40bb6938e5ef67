package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends and receives, and the shapes that are built of them. */
@SimTest
class PairsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(200);
    private static final int LARGE = 3_000_000;

    /** What rank {@code from} gives to rank {@code to}. */
    private static byte[] letter(int from, int to) {
        return new byte[] {(byte) from, (byte) to, 7};
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void aRingPassesOn(int world) throws Exception {
        List<byte[]> got = Ranks.joined(world, (rank, gpu, comm) -> {
            int next = (rank + 1) % world;
            int previous = (rank + world - 1) % world;
            long from = gpu.allocate(letter(rank, next));
            long to = gpu.allocate(3);
            run(comm, () -> {
                comm.send(from, 3, Comm.UINT8, next, gpu);
                comm.receive(to, 3, Comm.UINT8, previous, gpu);
            });
            return last(comm, gpu.read(to, 3));
        });

        for (int rank = 0; rank < world; rank++)
            assertThat(got.get(rank)).isEqualTo(letter((rank + world - 1) % world, rank));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 8})
    void allToAllGivesEachItsBlockOfEach(int world) throws Exception {
        List<byte[]> got = Ranks.joined(world, (rank, gpu, comm) -> {
            long to = gpu.allocate(3L * world);
            for (int round = 0; round < 3; round++) {
                run(comm, () -> {
                    for (int peer = 0; peer < world; peer++) {
                        comm.send(gpu.allocate(letter(rank, peer)), 3, Comm.UINT8, peer, gpu);
                        comm.receive(to + 3L * peer, 3, Comm.UINT8, peer, gpu);
                    }
                });
            }
            return last(comm, gpu.read(to, 3 * world));
        });

        for (int rank = 0; rank < world; rank++)
            for (int from = 0; from < world; from++)
                assertThat(Arrays.copyOfRange(got.get(rank), 3 * from, 3 * from + 3))
                        .isEqualTo(letter(from, rank));
    }

    @Test
    void twoRanksExchangeMoreThanALinkHolds() throws Exception {
        List<byte[]> got = Ranks.joined(2, (rank, gpu, comm) -> {
            byte[] content = new byte[LARGE];
            Arrays.fill(content, (byte) (rank + 1));
            long from = gpu.allocate(content);
            long to = gpu.allocate(LARGE);
            run(comm, () -> {
                comm.send(from, LARGE, Comm.UINT8, 1 - rank, gpu);
                comm.receive(to, LARGE, Comm.UINT8, 1 - rank, gpu);
            });
            return last(comm, gpu.read(to, LARGE));
        });

        assertThat(got.get(0)).containsOnly(2);
        assertThat(got.get(1)).containsOnly(1);
    }

    @Test
    void whatGoesTheSameWayKeepsItsOrder() throws Exception {
        List<byte[]> got = Ranks.joined(2, (rank, gpu, comm) -> {
            long to = gpu.allocate(30);
            run(comm, () -> {
                for (int i = 0; i < 10 && rank == 0; i++) comm.send(gpu.allocate(letter(i, 1)), 3, Comm.UINT8, 1, gpu);
                for (int i = 0; i < 10 && rank == 1; i++) comm.receive(to + 3L * i, 3, Comm.UINT8, 0, gpu);
            });
            return last(comm, gpu.read(to, 30));
        });

        for (int i = 0; i < 10; i++)
            assertThat(Arrays.copyOfRange(got.get(1), 3 * i, 3 * i + 3)).isEqualTo(letter(i, 1));
    }

    @Test
    void aRankThatTakesNoPartIsNotWaitedForAndJoinsTheNextCollective() throws Exception {
        CountDownLatch done = new CountDownLatch(2);
        List<Integer> sums = Ranks.joined(3, (rank, gpu, comm) -> {
            if (rank == 0) assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            else {
                long to = gpu.allocate(3);
                run(comm, () -> {
                    comm.send(gpu.allocate(letter(rank, 3 - rank)), 3, Comm.UINT8, 3 - rank, gpu);
                    comm.receive(to, 3, Comm.UINT8, 3 - rank, gpu);
                });
                assertThat(gpu.read(to, 3)).isEqualTo(letter(3 - rank, rank));
                done.countDown();
            }
            long sum = comm.sumOf(rank, gpu);
            assertThat(comm.await(SOON)).isZero();
            return last(comm, IntBytes.toInt(gpu.read(sum, 4)));
        });

        assertThat(sums).containsExactly(3, 3, 3);
    }

    @Test
    void aSendThatNobodyReceivesStaysOnTheStreamUntilTheAbort() throws Exception {
        Ranks.joined(2, (rank, gpu, comm) -> {
            if (rank == 0) {
                assertThat(comm.send(gpu.allocate(letter(0, 1)), 3, Comm.UINT8, 1, gpu))
                        .isEqualTo(Comm.IN_PROGRESS);
                assertThat(comm.await(SOON)).isZero();
                await().pollInSameThread().during(WHILE).until(() -> gpu.query() == Gpu.NOT_READY);
                assertThat(comm.abort()).isZero();
                gpu.synchronize();
                return null;
            }
            await().pollInSameThread().during(WHILE).until(() -> comm.state() == 0);
            return comm.abort();
        });
    }

    @Test
    void ranksThatDoNotMeanTheSameAreBothTold() throws Exception {
        List<Integer> states = Ranks.joined(2, (rank, gpu, comm) -> {
            long address = gpu.allocate(LARGE);
            if (rank == 0) comm.send(address, LARGE, Comm.UINT8, 1, gpu);
            else comm.receive(address, 4, Comm.UINT8, 0, gpu);
            await().until(() -> comm.state() == Comm.INVALID_USAGE || comm.state() == Comm.REMOTE_ERROR);
            int state = comm.state();
            assertThat(Comm.lastError()).contains("rank 0 sends 3000000 bytes of type 1 to rank 1");
            assertThat(comm.abort()).isZero();
            return state;
        });

        assertThat(states).containsExactly(Comm.INVALID_USAGE, Comm.INVALID_USAGE);
    }

    @Test
    void aPeerThatLeavesIsNamed() throws Exception {
        List<Integer> states = Ranks.joined(3, (rank, gpu, comm) -> {
            if (rank == 2) return comm.abort();
            long address = gpu.allocate(4);
            if (rank == 0) comm.receive(address, 4, Comm.UINT8, 2, gpu);
            else comm.send(address, 4, Comm.UINT8, 2, gpu);
            await().until(() -> comm.state() == Comm.REMOTE_ERROR);
            assertThat(Comm.lastError()).contains("Connection closed by rank 2");
            assertThat(comm.abort()).isZero();
            return Comm.REMOTE_ERROR;
        });

        assertThat(states).containsExactly(Comm.REMOTE_ERROR, Comm.REMOTE_ERROR, 0);
    }

    @Test
    void whatMakesNoSenseIsRefused() throws Exception {
        Ranks.joined(1, (_, gpu, comm) -> {
            long address = gpu.allocate(4);
            assertThat(comm.send(address, 4, Comm.UINT8, 1, gpu)).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(Comm.lastError()).contains("invalid peer 1");
            assertThat(comm.receive(address, 5, Comm.UINT8, 0, gpu)).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.send(address, 4, Comm.UINT8, 0, gpu)).isEqualTo(Comm.INVALID_USAGE);
            assertThat(Comm.lastError()).contains("sends to itself more often in this group than it receives");
            assertThat(comm.state()).isZero();
            return comm.destroy();
        });
    }

    private static void run(Comm comm, Runnable calls) {
        assertThat(Comm.group(calls)).as(Comm.lastError()).isEqualTo(Comm.IN_PROGRESS);
        assertThat(comm.await(SOON)).isZero();
    }

    private static <T> T last(Comm comm, T result) {
        assertThat(comm.destroy()).isZero();
        return result;
    }
}
