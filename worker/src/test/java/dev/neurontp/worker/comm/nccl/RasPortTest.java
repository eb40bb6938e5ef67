package dev.neurontp.worker.comm.nccl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RasPortTest {
    @TempDir
    Path folder;

    @Test
    void everyGroupGetsAnotherPortOfThisHost() {
        Set<String> addresses = new HashSet<>();
        for (int group = 0; group < 5; group++) {
            Map<String, String> settings = RasPort.forGroup(Map.of("NCCL_RAS_ADDR", "", "NCCL_RAS_ENABLE", "1"));
            assertThat(settings).containsOnlyKeys("NCCL_RAS_ADDR");
            assertThat(settings.get("NCCL_RAS_ADDR")).matches("127\\.0\\.0\\.1:[0-9]{5}");
            addresses.add(settings.get("NCCL_RAS_ADDR"));
        }
        assertThat(addresses).hasSizeGreaterThan(3);
    }

    @Test
    void whatTheEnvironmentSaysItselfStays() {
        assertThat(RasPort.forGroup(Map.of("NCCL_RAS_ADDR", "10.0.0.1:28028"))).isEmpty();
        assertThat(RasPort.forGroup(Map.of("NCCL_RAS_ENABLE", "0"))).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsNotChosen() throws IOException {
        // The loop below can only choose one port.
        int lowest = 10_240;
        assertThat(RasPort.choose(lowest + 1).orElse(0)).isIn(0, lowest);
        try (ServerSocket _ = new ServerSocket(lowest, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(RasPort.choose(lowest + 1)).isEqualTo(OptionalInt.empty());
        }
    }

    @ParameterizedTest
    @CsvSource({"32768 60999, 32768", "'15000\t61000', 15000", "1024 65535, 32768", "'', 32768", "no number, 32768"})
    void itLiesBelowThePortsOfOutgoingConnections(String range, int start) throws IOException {
        assertThat(RasPort.startOfEphemeralPorts(Files.writeString(folder.resolve("range"), range)))
                .isEqualTo(start);
        assertThat(RasPort.startOfEphemeralPorts(folder.resolve("none"))).isEqualTo(32_768);
    }
}
