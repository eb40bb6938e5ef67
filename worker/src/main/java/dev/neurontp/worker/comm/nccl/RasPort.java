package dev.neurontp.worker.comm.nccl;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A RAS port for one group. With NCCL's own default all groups of a user on one host share a port (SO_REUSEPORT): whoever asks
 * there may hear of another group, and where another user's group has the port, ours has none.
 */
final class RasPort {
    private static final String ENABLE = "NCCL_RAS_ENABLE";
    private static final Path EPHEMERAL_RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int LOWEST = 10_240;
    private static final int USUAL_START_OF_EPHEMERAL = 32_768;
    private static final int ATTEMPTS = 64;

    private RasPort() {}

    /**
     * What every rank of a group on this host needs in its environment so that the group has a RAS port of its own. Empty where
     * the environment says itself where it is, or that there shall be none, and where no port is free.
     */
    static Map<String, String> forGroup(Map<String, String> environment) {
        boolean set = !environment.getOrDefault(NcclSettings.RAS_ADDRESS, "").isEmpty();
        boolean off = environment.getOrDefault(ENABLE, "").equals("0");
        OptionalInt port = set || off ? OptionalInt.empty() : choose(startOfEphemeralPorts(EPHEMERAL_RANGE));
        return port.isPresent() ? Map.of(NcclSettings.RAS_ADDRESS, "127.0.0.1:" + port.getAsInt()) : Map.of();
    }

    /**
     * A port that nobody listens on, below those that the host gives to outgoing connections: NCCL opens it later, and until
     * then no connection of anybody may take it.
     */
    static OptionalInt choose(int below) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, below);
            if (isFree(port)) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException _) {
            // Taken: another one will do.
            return false;
        }
    }

    /** The first port that the host gives to outgoing connections; a usual one where it is not told, or leaves no room. */
    static int startOfEphemeralPorts(Path range) {
        try {
            int start = Integer.parseInt(Files.readString(range).strip().split("\\s+", 2)[0]);
            return start > LOWEST + ATTEMPTS && start <= 0xffff ? start : USUAL_START_OF_EPHEMERAL;
        } catch (IOException | NumberFormatException _) {
            return USUAL_START_OF_EPHEMERAL;
        }
    }
}
