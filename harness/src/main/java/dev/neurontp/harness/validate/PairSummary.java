package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The odd pairs of a group, for each of the two sizes. */
final class PairSummary {
    private static final int PERCENT = 100;

    private final Phase phase;
    private final List<RankDevice> ranks;
    private final boolean strict;
    private final SortedMap<Long, List<CaseResult>> bySize = new TreeMap<>();

    PairSummary(Phase phase, List<RankDevice> ranks, boolean strict, List<CaseResult> results) {
        this.phase = phase;
        this.ranks = ranks;
        this.strict = strict;
        results.stream()
                .filter(result -> !result.ranks().isEmpty())
                .forEach(result -> bySize.computeIfAbsent(result.of().bytes(), size -> new ArrayList<>())
                        .add(result));
    }

    /** The cases of the large size in which a pair is slow: what a host did meanwhile a second measurement does not show again. */
    List<Case> doubtful() {
        if (bySize.isEmpty()) {
            return List.of();
        }
        Set<String> slow = verdict().slow().keySet();
        return bySize.get(bySize.lastKey()).stream()
                .map(CaseResult::of)
                .filter(of -> PairVerdict.pairs(of).stream().anyMatch(slow::contains))
                .toList();
    }

    private PairVerdict verdict() {
        return new PairVerdict(bySize.get(bySize.lastKey()), ranks, Hardware.of(ranks) != Hardware.REAL);
    }

    /** One result for the large size; the small one depends on what else a host does. */
    List<CaseResult> results() {
        if (bySize.isEmpty()) {
            return List.of();
        }
        PairVerdict verdict = verdict();
        Case of = Case.step(phase, "compared");
        if (verdict.compared() == 0) {
            boolean few = verdict.seconds().size() == pairs();
            return List.of(CaseResult.without(
                    of,
                    Status.SKIPPED,
                    few
                            ? "fewer than three pairs, within a host or between hosts: none can be told to be the odd one"
                            : "the ranks gave times of " + verdict.seconds().size() + " of " + pairs()
                                    + " pairs: none can be told to be the odd one",
                    List.of()));
        }
        SortedMap<String, Double> slow = verdict.slow();
        if (slow.isEmpty()) {
            return List.of(CaseResult.without(of, Status.PASS, verdict.compared() + " pairs are alike", List.of()));
        }
        Optional<Integer> common = verdict.commonRank();
        String reason = common.map(
                        rank -> "every slow pair has " + ranks.get(rank).words() + " in it")
                .orElse("slow among " + verdict.compared() + " pairs: " + String.join(", ", slow.keySet()));
        List<String> evidence = new ArrayList<>();
        slow.forEach((pair, times) -> evidence.add(String.format(
                Locale.ROOT, "pair %s has %.0f %% of the rate of the others: %s", pair, PERCENT / times, words(pair))));
        return List.of(CaseResult.without(of, strict ? Status.FAIL : Status.WARN, reason, evidence));
    }

    private int pairs() {
        return ranks.size() * (ranks.size() - 1) / 2;
    }

    private String words(String pair) {
        int dash = pair.indexOf('-');
        return ranks.get(Integer.parseInt(pair.substring(0, dash))).words() + " and "
                + ranks.get(Integer.parseInt(pair.substring(dash + 1))).words();
    }
}
