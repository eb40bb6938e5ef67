package dev.neurontp.worker.comm;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A comm_id and the service behind it: its creator serves the rendezvous of the ranks and must live until all have joined.
 * One id serves one group.
 */
public interface Rendezvous extends AutoCloseable {
    /** 128 bytes as 256 lower-case hex digits. */
    String commId();

    /**
     * The ranks that have come to join so far, each with the right comm_id; empty where this kind cannot tell. Never blocks for
     * long: any thread may ask while the others wait.
     */
    default Optional<Set<Long>> arrived() {
        return Optional.empty();
    }

    /** Ends the service; ranks that have not joined yet fail. Idempotent, never blocks. */
    @Override
    void close();

    /** Waits until what served it is gone, once it is closed; false when the time was over before. */
    default boolean awaitGone(Duration most) throws InterruptedException {
        return true;
    }
}
