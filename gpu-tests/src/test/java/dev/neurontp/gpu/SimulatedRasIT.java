package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.testing.ProgramProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose RAS report a pool gets, and from which address. */
@Tag("sim")
@Requires.SimulatedLibraries
@Tag("long")
class SimulatedRasIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Pattern PORT = Pattern.compile("NCCL's RAS port (\\S+) says: ");

    private static Map<String, String> environment(String ras) {
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.put("NEURONTP_SIM_RAS", ras);
        environment.put("NEURONTP_SIM_FAULT", "hang@collective:1");
        environment.put("NEURON_NCCL_TIMEOUT", "5");
        environment.put("NEURON_NCCL_ABORT_TIMEOUT", "1");
        return environment;
    }

    private static ProgramProcess pool(Map<String, String> environment, int worldSize) throws IOException {
        return ProgramProcess.neuron(environment, "--tp-smoke", "--tp-size=" + worldSize, "--rank0=spawned");
    }

    /** The port that a pool was told about, once it has failed. */
    private static String port(ProgramProcess pool, int worldSize) throws InterruptedException {
        assertThat(pool.rest(TIMEOUT)).contains("status=failed");
        assertThat(pool.stderr())
                .containsPattern("says: NCCL RAS report of process [0-9]+ .*rank [0-9] of " + worldSize + ", device")
                .doesNotContain("of " + (5 - worldSize) + ", device");
        Matcher port = PORT.matcher(pool.stderr());
        assertThat(port.find()).isTrue();
        return port.group(1);
    }

    @Test
    void twoPoolsSideBySideGetEachItsOwn() throws IOException, InterruptedException {
        Map<String, String> environment = environment("1");
        try (ProgramProcess two = pool(environment, 2);
                ProgramProcess three = pool(environment, 3)) {
            assertThat(port(two, 2)).startsWith("127.0.0.1:").isNotEqualTo(port(three, 3));
        }
    }

    @Test
    void anAddressThatIsSetIsUsedAndAskedOnAllItsAddresses() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "SKIPPED: this host has no IPv6");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            port = socket.getLocalPort();
        }
        Map<String, String> environment = environment("ipv6");
        environment.put("NCCL_RAS_ADDR", "localhost:" + port);
        try (ProgramProcess pool = pool(environment, 2)) {
            assertThat(port(pool, 2)).isEqualTo("localhost:" + port);
        }
    }
}
