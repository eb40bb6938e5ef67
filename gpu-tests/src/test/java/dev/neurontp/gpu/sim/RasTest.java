package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The RAS port: where it is, and what it says. */
@SimTest
class RasTest {
    private final RankProcesses processes = new RankProcesses();

    @AfterEach
    void endAll() throws InterruptedException {
        processes.killAll();
    }

    @Test
    void theRasPortSaysWhatARankIsAt() throws Exception {
        int port = freePort();
        Map<String, String> environment = Map.of(
                "NEURONTP_SIM_RAS", "1",
                "NCCL_RAS_ADDR", "localhost:" + port,
                "NEURONTP_SIM_FAULT", "hang@collective:0");
        Process rank = processes.start(environment, "0", "1", "0", processes.serveId());
        assertThat(rank.errorReader().readLine()).isEqualTo("joined=0");

        await().ignoreExceptionsInstanceOf(ConnectException.class)
                .until(() -> askRas(port), answer -> answer.contains("1 collectives begun"));

        assertThat(askRas(port))
                .startsWith("OK\nNCCL RAS report of process " + rank.pid() + " (neurontp simulation)\n")
                .contains("rank 0 of 1, device 0: in a collective, 1 collectives begun, 0 done, state ");
    }

    @Test
    void theRasPortMayBeOnTheIpv6LoopbackAlone() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "SKIPPED: this host has no IPv6");
        int port = freePort();
        Map<String, String> environment = Map.of(
                "NEURONTP_SIM_RAS", "ipv6",
                "NCCL_RAS_ADDR", "localhost:" + port,
                "NEURONTP_SIM_FAULT", "hang@collective:0");
        Process rank = processes.start(environment, "0", "1", "0", processes.serveId());
        assertThat(rank.errorReader().readLine()).isEqualTo("joined=0");

        assertThat(askRas("::1", port)).contains("rank 0 of 1");
        assertThat(catchThrowable(() -> askRas("127.0.0.1", port))).isInstanceOf(ConnectException.class);
    }

    @Test
    void thereIsNoRasPortWhereNcclHasNone() throws Exception {
        for (Map<String, String> none :
                List.of(Map.of("NCCL_RAS_ENABLE", "0"), Map.of("NEURONTP_SIM_NCCL_VERSION", "22304"))) {
            int port = freePort();
            Map<String, String> environment = new HashMap<>(none);
            environment.put("NEURONTP_SIM_RAS", "1");
            environment.put("NCCL_RAS_ADDR", "127.0.0.1:" + port);
            environment.put("NEURONTP_SIM_FAULT", "hang@collective:0");
            Process rank = processes.start(environment, "0", "1", "0", processes.serveId());
            assertThat(rank.errorReader().readLine()).isEqualTo("joined=0");

            assertThat(catchThrowable(() -> askRas("127.0.0.1", port))).isInstanceOf(ConnectException.class);
        }
    }

    /** Each process listens, as NCCL's do: when one is gone, another still answers. */
    @Test
    void theProcessesOfAUserShareAPort() throws Exception {
        int port = freePort();
        Map<String, String> environment = Map.of(
                "NEURONTP_SIM_RAS", "1",
                "NCCL_RAS_ADDR", "127.0.0.1:" + port,
                "NEURONTP_SIM_FAULT", "hang@collective");
        String id = processes.serveId();
        Process first = processes.start(environment, "0", "2", "0", id);
        Process second = processes.start(environment, "1", "2", "1", id);
        assertThat(first.errorReader().readLine()).isEqualTo("joined=0");
        assertThat(second.errorReader().readLine()).isEqualTo("joined=0");
        first.destroyForcibly().waitFor();

        assertThat(askRas(port)).contains("rank 1 of 2");
    }

    private static String askRas(int port) throws IOException {
        return askRas("localhost", port);
    }

    private static String askRas(String host, int port) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write("timeout 1\nverbose status\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
