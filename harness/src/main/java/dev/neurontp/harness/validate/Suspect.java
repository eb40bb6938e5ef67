package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one rank that all wrong data has in common, over all cases: either nobody else received wrong data where others received some too,
 * or every wrong element belongs to it. Where that are two, both are named. Without such a rank nobody is accused.
 */
public final class Suspect {
    private final List<RankDevice> ranks;
    private final List<CaseResult> results;
    private final List<CaseResult> wrong;
    private final Set<Integer> receivers = new HashSet<>();
    private final Set<Long> sources = new HashSet<>();
    private boolean everySourceKnown = true;
    private boolean allLookedAt = true;

    private Suspect(ValidationReport report) {
        ranks = report.ranks();
        results = report.results();
        wrong = results.stream().filter(result -> result.wrong() > 0).toList();
        wrong.forEach(result -> result.ranks().forEach((rank, answer) -> read(rank, answer)));
    }

    public static Optional<String> of(ValidationReport report) {
        Suspect suspect = new Suspect(report);
        return suspect.receiver().or(suspect::source);
    }

    private void read(int rank, XCollectiveResult answer) {
        if (answer.wrong() > 0) {
            receivers.add(rank);
            answer.wrongFrom().forEach(source -> sources.add(source.rank()));
            long explained = answer.wrongFrom().stream()
                    .mapToLong(XCollectiveResult.Source::elements)
                    .sum();
            allLookedAt &= explained == answer.wrong();
            everySourceKnown &= explained == Math.min(answer.wrong(), XCollectiveResult.MOST_EXPLAINED)
                    || explained == answer.wrong();
        }
    }

    private Optional<String> receiver() {
        if (receivers.size() != 1) {
            return Optional.empty();
        }
        int only = receivers.iterator().next();
        if (!othersWereRight(only)) {
            return Optional.empty();
        }
        String received = "only " + ranks.get(only).words() + " received wrong data, in " + wrong.size() + " cases";
        return Optional.of(onlySource()
                .filter(source -> source != only)
                .map(source -> received + ", and all of it belongs to "
                        + ranks.get(source).words() + ": one of them, or what is between them")
                .orElse(received));
    }

    private Optional<Integer> onlySource() {
        return sources.size() == 1 && everySourceKnown
                ? Optional.of(sources.iterator().next().intValue())
                : Optional.empty();
    }

    /** Whether another rank compared what it received by one of the same collectives: a root may be the only one that receives. */
    private boolean othersWereRight(int only) {
        List<String> collectives =
                wrong.stream().map(result -> result.of().collective()).toList();
        return results.stream()
                .filter(result -> collectives.contains(result.of().collective()))
                .flatMap(result -> result.ranks().entrySet().stream())
                .anyMatch(one -> one.getKey() != only && one.getValue().checked() > 0);
    }

    private Optional<String> source() {
        return onlySource()
                .map(source -> "every wrong element " + (allLookedAt ? "" : "that was looked at ") + "belongs to "
                        + ranks.get(source).words() + ", in " + wrong.size() + " cases");
    }
}
