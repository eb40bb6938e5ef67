package dev.neurontp.harness.api;

import java.util.Optional;

/**
 * The version of the daemon's HTTP API, which daemon and clients tell each other in a header of each request and reply. It grows
 * only by a change that a client of the version before could not work with: what is added does not change it. A message without
 * the header is of version 1.
 */
public final class ApiVersion {
    /** The header's name. */
    public static final String HEADER = "Neurontp-Api";

    /** What this build speaks, as the header's value. */
    public static final String CURRENT = "1";

    private ApiVersion() {}

    /** Whether a message with this value of the header, empty where it has none, can be read by this build. */
    public static boolean isSpoken(Optional<String> header) {
        return header.map(String::strip).orElse(CURRENT).equals(CURRENT);
    }
}
