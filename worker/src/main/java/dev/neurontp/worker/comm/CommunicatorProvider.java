package dev.neurontp.worker.comm;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One kind of communicator: its name, and how to get one. Each has a package with its implementation, and is listed in
 * {@link dev.neurontp.worker.Communicators}. Stateless: any thread may call. Creating a provider loads and opens nothing, since
 * every worker start creates all of them.
 */
public interface CommunicatorProvider {
    /** The name in options, settings and reports: lower-case letters, such as {@code nccl}. */
    String name();

    /** Whether a group of this kind needs a GPU on every host. */
    boolean needsGpu();

    /** Which environment variables set it up, for {@code --help}: one or more lines of at most 110 characters. */
    String help();

    /**
     * A communicator for one rank, not joined yet. Opens nothing: no port, no library, no file (A6).
     *
     * @param environment where its settings are read from
     * @throws IllegalArgumentException when a setting of this kind is wrong; the message names value and rule
     */
    Communicator open(RankIdentity identity, Map<String, String> environment);

    /**
     * Why no rank of this kind can join on this host, as far as its files say; empty where nothing is known against it. Opens no
     * library.
     *
     * @param environment where its settings are read from
     */
    default Optional<String> obstacle(Map<String, String> environment) {
        return Optional.empty();
    }

    /**
     * Creates a comm_id and serves the rendezvous of its ranks until it is closed. Does not block longer than this kind's own
     * timeouts.
     *
     * @param environment where its settings are read from
     * @throws CommunicatorException when this host cannot create one of this kind
     * @throws IllegalArgumentException when a setting of this kind is wrong
     */
    Rendezvous serve(Map<String, String> environment) throws CommunicatorException;

    /**
     * The settings by which the ranks time out before their leader does, so that a rank's report of a hang still
     * arrives. Empty where this kind has no timeouts of its own.
     *
     * @param init how long the leader waits for all ranks to join
     * @param collective how long it waits for a collective
     * @param environment of the ranks; a timeout that it sets stays as it is
     * @throws IllegalArgumentException when such a timeout is not shorter than the leader's; the message names both
     */
    default Map<String, String> timeoutsWithin(Duration init, Duration collective, Map<String, String> environment) {
        return Map.of();
    }

    /**
     * The settings that all ranks of one group share and no other group may have, such as a port of this host. Another answer
     * each time. Empty where this kind has none.
     *
     * @param environment of the ranks; what it sets itself stays as it is
     */
    default Map<String, String> settingsOfGroup(Map<String, String> environment) {
        return Map.of();
    }

    /**
     * The settings by which ranks run this kind's own diagnostics when they join, and print what they find to stderr. Empty where
     * this kind has none.
     *
     * @param environment of the ranks; what it sets itself stays as it is
     */
    default Map<String, String> settingsOfDiagnostics(Map<String, String> environment) {
        return Map.of();
    }

    /** What a line of a rank's stderr says of such diagnostics; empty for every other line. */
    default Optional<Diagnostic> diagnostic(String stderrLine) {
        return Optional.empty();
    }

    /**
     * Whether what {@link #serve} has opened stays as long as the process does, whatever is closed. A leader that lives long then
     * leaves it to a process of its own.
     */
    default boolean servesForEver() {
        return false;
    }

    /** Notes that another process has used a simulation of this kind for this one. */
    default void noteSimulation() {}

    /**
     * Whether what this process has used so far of this kind, by itself or through another, simulates GPUs that are not there. Whatever it reports must say
     * so.
     */
    default boolean isSimulated() {
        return false;
    }
}
