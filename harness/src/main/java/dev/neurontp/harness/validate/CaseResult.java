package dev.neurontp.harness.validate;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.XCollectiveResult;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What became of one case.
 *
 * @param reason why it failed or was skipped, or what there is to say of a pass; empty where nothing is
 * @param evidence what a person needs to find the cause, a line each
 * @param ranks each rank's answer; empty where none came
 * @param bar what the bandwidth was compared with
 * @param bandwidth empty where there is none to be told: in a simulation, and for what was not measured
 */
public record CaseResult(
        Case of,
        Status status,
        String reason,
        List<String> evidence,
        SortedMap<Integer, XCollectiveResult> ranks,
        Optional<Bar> bar,
        Optional<Bandwidth> bandwidth) {
    public CaseResult {
        // All words of ranks and hosts come through here.
        reason = ForeignText.of(reason);
        evidence = evidence.stream().map(ForeignText::of).toList();
        ranks = new TreeMap<>(ranks);
    }

    /** One that did not run, or whose group was lost in it. */
    public static CaseResult without(Case of, Status status, String reason, List<String> evidence) {
        return new CaseResult(of, status, reason, evidence, new TreeMap<>(), Optional.empty(), Optional.empty());
    }

    public CaseResult with(Status next, String why) {
        return new CaseResult(of, next, why, evidence, ranks, bar, bandwidth);
    }

    /** Elements that were compared on all ranks, at most 2^63 - 1. */
    public long checked() {
        return total(XCollectiveResult::checked);
    }

    /** Elements that were wrong on all ranks, at most 2^63 - 1. */
    public long wrong() {
        return total(XCollectiveResult::wrong);
    }

    /** Each rank may claim the largest number. */
    private long total(ToLongFunction<XCollectiveResult> count) {
        return ranks.values().stream()
                .mapToLong(count)
                .reduce(0, (sum, more) -> sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more);
    }

    /** The median time of one run in seconds, of the rank with the longest: a collective is over when the last rank is. */
    public OptionalDouble seconds() {
        return ranks.values().stream()
                .map(Timing::of)
                .flatMap(Optional::stream)
                .mapToDouble(times -> times.median() / Timing.NANOS)
                .max();
    }
}
