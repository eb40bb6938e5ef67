package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one rank that all wrong data has in common, over all cases: either every wrong element belongs to it, or nobody else
 * received one. Without such a rank nobody is accused.
 */
public final class Suspect {
    private Suspect() {}

    public static Optional<String> of(ValidationReport report) {
        Set<Long> sources = new HashSet<>();
        Set<Integer> receivers = new HashSet<>();
        boolean everySourceKnown = true;
        int cases = 0;
        for (CaseResult result : report.results()) {
            if (result.wrong() > 0) {
                cases++;
                for (var one : result.ranks().entrySet()) {
                    XCollectiveResult answer = one.getValue();
                    if (answer.wrong() > 0) {
                        receivers.add(one.getKey());
                        answer.wrongFrom().forEach(source -> sources.add(source.rank()));
                        everySourceKnown &= answer.wrongFrom().stream()
                                        .mapToLong(XCollectiveResult.Source::elements)
                                        .sum()
                                == answer.wrong();
                    }
                }
            }
        }
        List<RankDevice> ranks = report.ranks();
        if (receivers.size() == 1 && ranks.size() > 1) {
            return Optional.of("only " + ranks.get(receivers.iterator().next()).words() + " received wrong data, in "
                    + cases + " cases");
        }
        if (sources.size() == 1 && everySourceKnown) {
            return Optional.of("every wrong element belongs to "
                    + ranks.get(sources.iterator().next().intValue()).words() + ", in " + cases + " cases");
        }
        return Optional.empty();
    }
}
