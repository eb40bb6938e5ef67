package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** How collectives meet streams, what they refuse, and what becomes of them when a peer leaves. */
@SimTest
class CallsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WHILE = Duration.ofMillis(200);

    @Test
    void aNonBlockingCollectiveIsOnItsStreamOnlyWhenTheCommunicatorSaysSo() throws Exception {
        try (Environment _ = Environment.with("NEURONTP_SIM_ENQUEUE_MS", "300")) {
            Ranks.joined(1, (_, gpu, comm) -> {
                long address = gpu.allocate(IntBytes.of(5));
                long result = gpu.allocate(4);
                gpu.synchronize();

                assertThat(comm.allReduce(address, result, 1, Comm.UINT32, Comm.SUM, gpu))
                        .isEqualTo(Comm.IN_PROGRESS);

                assertThat(gpu.query()).as("idle, and nothing is done yet").isZero();
                assertThat(IntBytes.toInt(gpu.read(result, 4))).isZero();
                assertThat(comm.allReduce(address, result, 1, Comm.UINT32, Comm.SUM, gpu))
                        .isEqualTo(Comm.INVALID_ARGUMENT);
                assertThat(comm.await(SOON)).isZero();
                assertThat(IntBytes.toInt(gpu.read(result, 4))).isEqualTo(5);
                return comm.destroy();
            });
        }
    }

    @Test
    void manyCollectivesRunInOrderOverTwoStreams() throws Exception {
        Ranks.joined(2, (_, gpu, comm) -> {
            try (Gpu second = Gpu.open(comm.ask("ncclCommCuDevice"))) {
                long address = gpu.allocate(IntBytes.of(1));
                gpu.synchronize();
                for (int round = 0; round < 20; round++) {
                    Gpu on = round % 2 == 0 ? gpu : second;
                    assertThat(comm.allReduce(address, address, 1, Comm.UINT32, Comm.SUM, on))
                            .isIn(0, Comm.IN_PROGRESS);
                    assertThat(comm.await(SOON)).isZero();
                }
                gpu.synchronize();
                second.synchronize();
                assertThat(IntBytes.toInt(gpu.read(address, 4))).isEqualTo(1 << 20);
            }
            return comm.destroy();
        });
    }

    @Test
    void eightBitFloatsCameWith224() throws Exception {
        Ranks.joined(1, (_, gpu, comm) -> {
            long device = gpu.allocate(4);
            try (Environment _ = Environment.with("NEURONTP_SIM_NCCL_VERSION", "22304")) {
                assertThat(comm.allReduce(device, device, 1, 9, Comm.SUM, gpu)).isEqualTo(Comm.IN_PROGRESS);
                assertThat(comm.await(SOON)).isZero();
                assertThat(comm.allReduce(device, device, 1, 10, Comm.SUM, gpu)).isEqualTo(Comm.INVALID_ARGUMENT);
                assertThat(Comm.lastError()).contains("invalid type 10");
            }
            return comm.destroy();
        });
    }

    @Test
    void whatIsNotDeviceMemoryIsRefused() throws Exception {
        Ranks.joined(1, (_, gpu, comm) -> {
            long device = gpu.allocate(4);
            long host = Arena.ofAuto().allocate(4).address();
            assertThat(comm.allReduce(host, device, 1, Comm.UINT32, Comm.SUM, gpu))
                    .isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.allReduce(device, host, 1, Comm.UINT32, Comm.SUM, gpu))
                    .isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.allReduce(device, device, 2, Comm.UINT32, Comm.SUM, gpu))
                    .isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(Comm.lastError()).contains("8 bytes of device memory");
            assertThat(comm.allReduce(device, device, 1, 12, Comm.SUM, gpu)).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.allReduce(device, device, 1, Comm.UINT32, 5, gpu)).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.state()).isZero();
            return comm.destroy();
        });
    }

    @Test
    void ranksThatCallDifferentCollectivesAreTold() throws Exception {
        List<Integer> states = Ranks.joined(2, (rank, gpu, comm) -> {
            long address = gpu.allocate(8);
            assertThat(comm.allReduce(address, address, rank + 1, Comm.UINT32, Comm.SUM, gpu))
                    .isEqualTo(Comm.IN_PROGRESS);
            await().until(() -> comm.state() > 0 && comm.state() != Comm.IN_PROGRESS);
            int state = comm.state();
            assertThat(Comm.lastError()).contains("collective 1 differs", "count 1", "count 2");
            assertThat(gpu.query()).as("it stays on the stream").isEqualTo(Gpu.NOT_READY);
            assertThat(comm.abort()).isZero();
            gpu.synchronize();
            return state;
        });

        assertThat(states).containsExactly(Comm.INVALID_USAGE, Comm.INVALID_USAGE);
    }

    @Test
    void aPeerThatLeavesFailsTheCollectiveOfTheOthers() throws Exception {
        List<Integer> states = Ranks.joined(3, (rank, gpu, comm) -> {
            if (rank == 1) return comm.abort();
            comm.sumOf(1, gpu);
            await().until(() -> comm.state() == Comm.REMOTE_ERROR);
            assertThat(gpu.query()).isEqualTo(Gpu.NOT_READY);
            FutureTask<Integer> destroy = Ranks.start("destroy", comm::destroy);
            assertThat(catchThrowable(() -> destroy.get(200, TimeUnit.MILLISECONDS)))
                    .as("destroy waits for the collective")
                    .isInstanceOf(TimeoutException.class);
            return Comm.REMOTE_ERROR;
        });

        assertThat(states).containsExactly(Comm.REMOTE_ERROR, 0, Comm.REMOTE_ERROR);
    }

    @Test
    void aPeerThatLeavesIsNoticedWhileAnotherIsWaitedFor() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        Ranks.joined(3, (rank, gpu, comm) -> {
            if (rank == 0) {
                comm.sumOf(1, gpu);
                await().until(() -> comm.state() == Comm.REMOTE_ERROR);
                assertThat(Comm.lastError()).contains("Connection closed by rank 2");
                noticed.countDown();
            }
            if (rank == 1) assertThat(noticed.await(20, TimeUnit.SECONDS)).isTrue();
            return comm.abort();
        });
    }

    @Test
    void aPeerThatLeavesInSilenceLeavesTheOthersHanging() throws Exception {
        try (Environment _ = Environment.with("NEURONTP_SIM_DEAD_PEER", "hang")) {
            Ranks.joined(3, (rank, gpu, comm) -> {
                if (rank == 1) return comm.abort();
                comm.sumOf(1, gpu);
                assertThat(comm.await(SOON)).isZero();
                await().pollInSameThread().during(WHILE).until(() -> comm.state() == 0 && gpu.query() == Gpu.NOT_READY);
                assertThat(comm.abort()).isZero();
                gpu.synchronize();
                return 0;
            });
        }
    }
}
