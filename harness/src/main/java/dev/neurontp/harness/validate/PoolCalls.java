package dev.neurontp.harness.validate;

import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The operations of one pool of a daemon, as docs/openapi.yaml has them. Any thread may call {@link #cancel}; one thread the rest. */
public interface PoolCalls {
    /** The pool's id. */
    String id();

    /** The name of its communicator. */
    String communicator();

    /** Its workers' program. */
    List<String> command();

    /** The device of each rank, rank 0's first. */
    List<Long> devices();

    /**
     * Asks for one operation and waits for its end.
     *
     * @param operation the last part of its path, such as {@code sanity}
     * @param body null where it has none
     * @param limit how long it may take once it has begun
     * @return its {@code result}
     * @throws GroupLostException when the pool has failed or has ended, or the call was cancelled
     */
    JsonNode ask(String operation, JsonNode body, Duration limit) throws GroupLostException;

    /** Makes the call under way, and every later one, fail. The pool goes on. */
    void cancel();
}
