package dev.neurontp.harness.agent;

import java.util.regex.Pattern;

/**
 * What only a leader and its agent know, so that no worker can speak in the agent's name: they share a stderr. It goes over stdin alone;
 * arguments and environment can be read by who runs on the same host.
 */
final class AgentToken {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{32}");

    private AgentToken() {}

    static boolean isOne(String line) {
        return SHAPE.matcher(line).matches();
    }
}
