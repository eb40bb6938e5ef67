package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.SecondaryFailure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * At least one rank failed, so the group was ended. The first failure stands first, then those that followed from
 * it. When this is thrown every process of the pool is gone, or {@link ShutdownReport} names those that are not.
 */
public final class PoolFailure extends PoolException {
    private static final long serialVersionUID = 1;
    private static final String NOBODY_MISSING =
            "\nall ranks waited for each other: no process is missing or stopped, the"
                    + " library hangs in one of them or on the way between them (NCCL_DEBUG=INFO shows how far each came)";

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
        if (failures.size() == 1) {
            return failures.getFirst().getMessage();
        }
        String all = failures.stream().map(RankFailure::getMessage).collect(Collectors.joining("\nand then "));
        boolean nobodyMissing = failures.stream().allMatch(failure -> SecondaryFailure.says(failure.reason()))
                && failures.stream().anyMatch(failure -> failure.reason().contains(SecondaryFailure.WAITED));
        return nobodyMissing ? all + NOBODY_MISSING : all;
    }
}
