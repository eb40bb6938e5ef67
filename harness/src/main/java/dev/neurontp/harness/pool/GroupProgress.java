package dev.neurontp.harness.pool;

import dev.neurontp.worker.comm.SecondaryFailure;
import dev.neurontp.worker.comm.SecondaryFailure.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How far the ranks of a group came that all waited for each other, by their own accounts. */
final class GroupProgress {
    private GroupProgress() {}

    /** Who is behind, a line; where nobody is, that; empty where fewer than two ranks have said how far they came. */
    static Optional<String> words(List<RankFailure> failures) {
        SortedMap<Progress, List<Integer>> byProgress = new TreeMap<>();
        int said = 0;
        for (RankFailure failure : failures) {
            Optional<Progress> progress = SecondaryFailure.progress(failure.reason());
            if (progress.isPresent()) {
                said++;
                byProgress
                        .computeIfAbsent(progress.get(), one -> new ArrayList<>())
                        .add(failure.rank());
            }
        }
        if (said < 2) {
            return Optional.empty();
        }
        Progress least = byProgress.firstKey();
        Progress most = byProgress.lastKey();
        if (least.equals(most)) {
            return Optional.of("every rank that answered " + least.words());
        }
        String behind = byProgress.get(least).size() == 1
                ? "rank " + byProgress.get(least).getFirst() + " is"
                : "ranks " + byProgress.get(least) + " are";
        return Optional.of(behind + " behind: " + least.words() + "; the furthest " + most.words());
    }
}
