package dev.neurontp.harness.validate;

import java.util.List;
import java.util.Optional;

/** Where the group of a validation comes from. */
public interface GroupSource {
    /** The workers' program; empty where it is not known here. */
    List<String> command();

    /** The name of its communicator. */
    String communicator();

    /**
     * A group whose ranks can be asked.
     *
     * @throws GroupLostException when there is none
     */
    Group open() throws GroupLostException, InterruptedException;

    /**
     * Whether the pool is this run's own: it may then write to all of the devices' memory, and start another pool after this
     * one was lost.
     */
    boolean isOwn();

    /** What the communicator's own diagnostics have said while the ranks joined; empty where they said nothing. */
    default Optional<CaseResult> diagnostics() {
        return Optional.empty();
    }
}
