package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a group of calls holds back, runs and refuses; {@link PairsTest} has groups of sends and receives. */
@SimTest
class GroupTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final NativeLibrary nccl = Comm.library();

    @Test
    void aGroupHoldsItsCallsBackUntilItsEnd() throws Exception {
        Ranks.joined(1, (_, gpu, comm) -> {
            long address = gpu.allocate(IntBytes.of(3));
            long result = gpu.allocate(4);
            assertThat(nccl.call("ncclGroupStart")).isZero();
            assertThat(comm.allReduce(address, result, 1, Comm.UINT32, Comm.SUM, gpu))
                    .isZero();
            assertThat(comm.state()).isZero();
            assertThat(IntBytes.toInt(gpu.read(result, 4))).isZero();
            assertThat(nccl.call("ncclGroupEnd")).isEqualTo(Comm.IN_PROGRESS);
            assertThat(comm.await(SOON)).isZero();
            assertThat(IntBytes.toInt(gpu.read(result, 4))).isEqualTo(3);
            assertThat(nccl.call("ncclGroupEnd")).isEqualTo(Comm.INVALID_USAGE);
            return comm.destroy();
        });
    }

    @Test
    void aGroupMayHoldSeveralCollectives() throws Exception {
        Ranks.joined(2, (_, gpu, comm) -> {
            long address = gpu.allocate(IntBytes.of(1));
            gpu.synchronize();
            assertThat(nccl.call("ncclGroupStart")).isZero();
            for (int round = 0; round < 300; round++)
                assertThat(comm.allReduce(address, address, 1, Comm.UINT32, Comm.MAX, gpu))
                        .isZero();
            assertThat(comm.allReduce(address, address, 1, Comm.UINT32, Comm.SUM, gpu))
                    .isZero();
            assertThat(nccl.call("ncclGroupEnd")).isEqualTo(Comm.IN_PROGRESS);
            assertThat(comm.await(SOON)).isZero();
            assertThat(IntBytes.toInt(gpu.read(address, 4))).isEqualTo(2);
            return comm.destroy();
        });
    }

    @Test
    void nothingOfAGroupRunsWhereOneCallIsRefused() throws Exception {
        Ranks.joined(1, (_, gpu, comm) -> {
            long address = gpu.allocate(IntBytes.of(3));
            long result = gpu.allocate(4);
            nccl.call("ncclGroupStart");
            comm.allReduce(address, result, 1, Comm.UINT32, Comm.SUM, gpu);
            comm.allReduce(address, result, 2, Comm.UINT32, Comm.SUM, gpu);
            assertThat(nccl.call("ncclGroupEnd")).isEqualTo(Comm.INVALID_ARGUMENT);
            assertThat(comm.state()).isZero();
            gpu.synchronize();
            assertThat(IntBytes.toInt(gpu.read(result, 4))).isZero();
            return comm.destroy();
        });
    }
}
