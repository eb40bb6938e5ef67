package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.PrerequisiteException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The interface by which the ranks of a group on one host meet. */
final class Loopback {
    private static final int PATIENCE_MS = 5_000;
    private static final String ADDRESS = "127.0.0.1";

    private Loopback() {}

    /**
     * Returns where it is up.
     *
     * @throws PrerequisiteException where this process cannot connect to itself either, as in a new network namespace
     */
    static void require() {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS));
                Socket client = new Socket()) {
            client.connect(server.getLocalSocketAddress(), PATIENCE_MS);
        } catch (IOException e) {
            throw new PrerequisiteException(
                    "the ranks of a group meet at " + ADDRESS + ", and nobody can connect there (" + e.getMessage()
                            + "): set the loopback interface up, ip link set lo up");
        }
    }
}
