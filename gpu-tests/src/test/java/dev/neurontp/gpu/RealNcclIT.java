package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a real libnccl.so.2 on a host without a GPU. Its sockets stay on the loopback interface. */
@Tag("nccl")
@Requires.RealNccl
class RealNcclIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String COMM_ID = "--comm-id";
    private static final int ADDRESS_FAMILY_AT = 8;
    private static final short AF_INET = 2;

    @TempDir
    Path folder;

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Requires.REAL_NCCL);
        environment.put("HOME", folder.toString());
        return environment;
    }

    /** NCCL's id is 8 bytes of its own and then the address of the rendezvous, as a struct sockaddr_in. */
    private static int port(String commId) {
        ByteBuffer id = ByteBuffer.wrap(HexFormat.of().parseHex(commId));
        assertThat(Short.reverseBytes(id.getShort(ADDRESS_FAMILY_AT))).isEqualTo(AF_INET);
        assertThat(id.getInt(ADDRESS_FAMILY_AT + 4)).as("127.0.0.1").isEqualTo(0x7f000001);
        return Short.toUnsignedInt(id.getShort(ADDRESS_FAMILY_AT + 2));
    }

    @Test
    void aThreadOfNcclServesTheRendezvousUntilTheProcessEnds() throws IOException, InterruptedException {
        int port;
        try (ProgramProcess creator = ProgramProcess.neuron(environment(), COMM_ID)) {
            String commId = creator.line(TIMEOUT);
            assertThat(commId).matches("[0-9a-f]{256}");
            port = port(commId);
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(connection.isConnected()).isTrue();
            }

            creator.closeStdin();

            assertThat(creator.rest(TIMEOUT)).isEmpty();
            assertThat(creator.exitCode(TIMEOUT)).isZero();
            assertThat(creator.stderr()).isEmpty();
        }
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void noTwoIdsAreTheSame() throws IOException, InterruptedException {
        try (ProgramProcess one = ProgramProcess.neuron(environment(), COMM_ID);
                ProgramProcess other = ProgramProcess.neuron(environment(), COMM_ID)) {
            assertThat(one.line(TIMEOUT)).isNotEqualTo(other.line(TIMEOUT));
        }
    }

    private static void assertTheIdAlone(Map<String, String> environment) throws IOException, InterruptedException {
        try (ProgramProcess creator = ProgramProcess.neuron(environment, COMM_ID)) {
            assertThat(creator.line(TIMEOUT)).matches("[0-9a-f]{256}");
            creator.closeStdin();
            assertThat(creator.rest(TIMEOUT)).isEmpty();
            assumeTrue(creator.stderr().contains("NCCL INFO"), "SKIPPED: this NCCL takes no NCCL_DEBUG from there");
        }
    }

    @Test
    void stdoutStaysPureWithNcclDebugInTheEnvironment() throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        environment.put("NCCL_DEBUG", "INFO");

        assertTheIdAlone(environment);
    }

    @Test
    void stdoutStaysPureWithNcclDebugInAnNcclConf() throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        Path conf = Files.writeString(folder.resolve("nccl.conf"), "NCCL_DEBUG=INFO\n");
        environment.put("NCCL_CONF_FILE", conf.toString());

        assertTheIdAlone(environment);
    }

    @Test
    void withoutADriverTheMissingLibraryIsNamedAndTheOtherOneFound() throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        environment.put("NEURON_CUDA_LIBRARY", folder.resolve("libcuda.so.1").toString());
        try (ProgramProcess rank = ProgramProcess.worker(environment, "nccl", 0, 1, 0)) {
            rank.send("{\"op\":\"init\",\"comm_id\":\"" + "00".repeat(128) + "\"}");

            assertThat(rank.line(TIMEOUT))
                    .contains("cuda_feature_not_enabled", "libcuda.so.1 is not there: no file " + folder)
                    .contains("libnccl.so.2 is ");
        }
    }

    /** The stand-in's driver knows nothing of the CUDA runtime that NCCL brings along: the first call of that fails. */
    @Test
    void afterAFailedInitItsOwnWordsAreInTheErrorAndTheRankServesOn() throws IOException, InterruptedException {
        assumeTrue(NcclHost.simulationIsBuilt(), "SKIPPED: " + NcclHost.whyNotBuilt());
        Map<String, String> environment = environment();
        environment.put(
                "NEURON_CUDA_LIBRARY", NcclHost.simulatedFile("libcuda.so.1").toString());
        try (ProgramProcess creator = ProgramProcess.neuron(environment, COMM_ID);
                ProgramProcess rank = ProgramProcess.worker(environment, "nccl", 0, 1, 0)) {
            rank.send("{\"op\":\"init\",\"comm_id\":\"" + creator.line(TIMEOUT) + "\"}");

            assertThat(rank.line(TIMEOUT))
                    .contains("nccl_init_failed", "ncclCommInitRankConfig failed: ncclUnhandledCudaError")
                    .contains("NCCL's last error: Cuda failure", "SIMULATION", "cannot join again");
            rank.send("{\"op\":\"nccl_sanity_check\"}");
            assertThat(rank.line(TIMEOUT)).contains("nccl_not_initialised", "Cuda failure", "start a new worker");
            rank.send("{\"op\":\"ping\"}");
            assertThat(rank.line(TIMEOUT)).startsWith("{\"op\":\"pong\"");
            rank.closeStdin();
            assertThat(rank.exitCode(TIMEOUT)).isZero();
        }
    }
}
