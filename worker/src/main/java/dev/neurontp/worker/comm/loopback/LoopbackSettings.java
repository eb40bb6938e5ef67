package dev.neurontp.worker.comm.loopback;

import dev.neurontp.rpc.WireText;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;

/**
 * What the environment says of the loopback communicator.
 *
 * @param bind where listeners are opened; an address that the other ranks can reach
 * @param fault the fault that a test injects
 */
record LoopbackSettings(InetAddress bind, Fault fault) {
    static final String BIND = "NEURON_LOOPBACK_BIND";
    static final String FAULT = "NEURON_LOOPBACK_FAULT";

    static final LoopbackSettings DEFAULT = new LoopbackSettings(InetAddress.getLoopbackAddress(), Fault.NONE);

    /**
     * Reads both settings; empty ones count as none.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    static LoopbackSettings from(Map<String, String> environment) {
        return new LoopbackSettings(
                bind(environment.getOrDefault(BIND, "")), Fault.parse(environment.getOrDefault(FAULT, "")));
    }

    private static InetAddress bind(String text) {
        if (text.isEmpty()) {
            return DEFAULT.bind;
        }
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw wrong(text, "it must be a numeric IPv4 or IPv6 address");
        }
        if (address.isAnyLocalAddress()) {
            throw wrong(text, "it must be one address: the comm_id tells it to the other ranks");
        }
        if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
            throw wrong(
                    text,
                    "a comm_id cannot tell the zone of a link-local address, so the other ranks could not connect:"
                            + " set another address of this host");
        }
        return address;
    }

    /** Why nobody can connect to this process, for a person. */
    String cannotListen(IOException why) {
        if (why instanceof ThreadLimitException) {
            return "cannot accept connections: " + why.getMessage();
        }
        return "cannot listen on " + bind.getHostAddress() + " (" + BIND + "): " + why.getMessage();
    }

    private static IllegalArgumentException wrong(String text, String rule) {
        return new IllegalArgumentException(BIND + " is '" + WireText.quotable(text) + "': " + rule);
    }
}
