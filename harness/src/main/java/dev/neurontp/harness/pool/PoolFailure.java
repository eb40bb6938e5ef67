package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.SecondaryFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * At least one rank failed, so the group was ended. The first failure stands first, then those that followed from
 * it. When this is thrown every rank of the pool was seen to end, or {@link ShutdownReport} names those that were not.
 */
public final class PoolFailure extends PoolException {
    private static final long serialVersionUID = 1;
    /** Of the message, in characters; no rank is begun behind that. */
    private static final int LONGEST_TEXT = 64 * 1024;

    private static final String NOBODY_MISSING = "no process is missing or stopped, the"
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

    /** What is the same of several ranks is told once. */
    private static Collection<List<RankFailure>> alike(List<RankFailure> failures) {
        return failures.stream()
                .collect(Collectors.groupingBy(
                        failure -> List.of(failure.op(), failure.reason(), failure.end()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values();
    }

    private static String text(List<RankFailure> failures) {
        if (failures.size() == 1) {
            return failures.getFirst().getMessage();
        }
        StringBuilder all = new StringBuilder(failures.getFirst().getMessage());
        int told = 1;
        for (List<RankFailure> alike : alike(failures.subList(1, failures.size()))) {
            if (all.length() >= LONGEST_TEXT) {
                break;
            }
            all.append("\nand then ").append(RankFailure.text(alike));
            told += alike.size();
        }
        if (told < failures.size()) {
            all.append("\nand then ").append(failures.size() - told).append(" more ranks, which are not shown here");
        }
        boolean nobodyMissing = failures.stream().allMatch(failure -> SecondaryFailure.says(failure.reason()))
                && failures.stream().anyMatch(failure -> failure.reason().contains(SecondaryFailure.WAITED));
        return nobodyMissing
                ? all + "\nall ranks waited for each other: "
                        + GroupProgress.words(failures)
                                .map(words -> words + "; ")
                                .orElse("") + NOBODY_MISSING
                : all.toString();
    }
}
