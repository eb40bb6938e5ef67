package dev.neurontp.harness.pool;

import java.util.List;
import java.util.stream.Collectors;

/**
 * At least one rank failed, so the group was ended. The first failure stands first, then what other ranks said because
 * of it. When this is thrown every process of the pool is gone, or {@link ShutdownReport} names those that are not.
 */
public final class PoolFailure extends PoolException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // an immutable list of exceptions
    private final List<RankFailure> failures;

    PoolFailure(List<RankFailure> failures) {
        super(text(failures), failures.getFirst());
        this.failures = List.copyOf(failures);
    }

    /** The one that came first. */
    public RankFailure first() {
        return failures.getFirst();
    }

    /** All of them, the first one first. Not empty. */
    public List<RankFailure> failures() {
        return failures;
    }

    private static String text(List<RankFailure> failures) {
        String first = failures.getFirst().getMessage();
        if (failures.size() == 1) {
            return first;
        }
        return failures.stream()
                .skip(1)
                .map(RankFailure::getMessage)
                .collect(Collectors.joining("\nand then ", first + "\nand then ", ""));
    }
}
