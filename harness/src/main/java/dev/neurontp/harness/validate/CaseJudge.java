package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XCollectiveResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns the ranks' answers to one case into its result: first the data, then the bandwidth. */
final class CaseJudge {
    private static final double MICRO = 1e3;

    private final List<RankDevice> ranks;
    private final boolean simulated;
    private final Bars bars;
    private final Map<String, Long> largest = new HashMap<>();

    /**
     * @param cases all that are judged, for the largest size of each collective
     */
    CaseJudge(List<RankDevice> ranks, Bars bars, List<Case> cases) {
        this.ranks = ranks;
        this.simulated = Hardware.of(ranks) != Hardware.REAL;
        this.bars = bars;
        cases.forEach(of -> largest.merge(of.collective(), of.bytes(), Math::max));
    }

    CaseResult judge(Case of, Group.Answer answer) {
        if (answer.refusal().isPresent()) {
            return refused(of, answer, answer.refusal().get());
        }
        CaseResult plain = new CaseResult(
                of, Status.PASS, "", arrivals(answer), answer.results(), Optional.empty(), Optional.empty());
        Optional<DataVerdict.Problem> problem = new DataVerdict(of, ranks, answer.results()).problem();
        if (problem.isPresent()) {
            return failed(of, answer, problem.get());
        }
        CaseResult checked = plain.checked() == 0 ? plain.with(Status.MEASURED, "no element was compared") : plain;
        return switch (of.phase()) {
            case BANDWIDTH, PAIRS, COPIES, PEERS -> measured(checked);
            default -> nothingChecked(checked);
        };
    }

    private static CaseResult failed(Case of, Group.Answer answer, DataVerdict.Problem problem) {
        return new CaseResult(
                of,
                Status.FAIL,
                problem.reason(),
                problem.evidence(),
                answer.results(),
                Optional.empty(),
                Optional.empty());
    }

    /** What a rank does by itself it may refuse while the others do it: what they found is not lost. */
    private CaseResult refused(Case of, Group.Answer answer, String words) {
        Optional<DataVerdict.Problem> problem = new DataVerdict(of, ranks, answer.results()).problem();
        if (problem.isEmpty()) {
            List<String> others = answer.results().isEmpty()
                    ? List.of()
                    : List.of("nothing wrong on ranks " + answer.results().keySet() + ", which did it");
            return CaseResult.without(of, Status.SKIPPED, words, others);
        }
        List<String> evidence = new ArrayList<>(problem.get().evidence());
        evidence.add("refused by " + words);
        return failed(of, answer, new DataVerdict.Problem(problem.get().reason(), evidence));
    }

    /** A case without times has nothing but its data. */
    private static CaseResult nothingChecked(CaseResult result) {
        return result.status() == Status.MEASURED ? result.with(Status.SKIPPED, "no rank compared an element") : result;
    }

    private CaseResult measured(CaseResult result) {
        if (simulated) {
            return result;
        }
        Optional<Bandwidth> bandwidth = Bandwidth.of(result, ranks.size());
        if (bandwidth.filter(seen -> !seen.isPossible()).isPresent()) {
            return result.with(
                    Status.WARN,
                    String.format(
                            Locale.ROOT,
                            "a time that no hardware has, nothing is made of it: %.0f ns for %d bytes",
                            result.seconds().orElse(0) * Timing.NANOS,
                            result.of().bytes()));
        }
        boolean bus = result.of().phase() == Phase.BANDWIDTH && ranks.size() > 1;
        Optional<Bar> bar = bus ? bars.of(result.of(), isLargest(result.of())) : Optional.empty();
        CaseResult whole = new CaseResult(
                result.of(), result.status(), result.reason(), result.evidence(), result.ranks(), bar, bandwidth);
        if (bar.isEmpty() && bandwidth.isEmpty()) {
            return whole.with(
                    Status.WARN,
                    "no rank gave a time of its "
                            + result.of().request().orElseThrow().iterations() + " runs");
        }
        if (bar.isEmpty()) {
            return bus ? Reference.warn(whole, ranks) : whole;
        }
        if (bandwidth.isEmpty()) {
            return whole.with(
                    Status.SKIPPED, "no time was measured, so there is nothing to compare with the threshold");
        }
        double seen = bandwidth.get().bus();
        return bar.get().isMetBy(seen)
                ? whole.with(Status.PASS, "")
                : whole.with(
                        Status.FAIL,
                        "busbw " + Bandwidth.text(seen) + " GB/s is below "
                                + bar.get().words());
    }

    private boolean isLargest(Case of) {
        return largest.get(of.collective()) == of.bytes();
    }

    /** Who came late, among the ranks of one boot: their clocks are one. */
    private List<String> arrivals(Group.Answer answer) {
        Map<String, List<Integer>> byBoot = new HashMap<>();
        answer.results().forEach((rank, result) -> {
            if (result.arrivedNs().isPresent()) {
                ranks.get(rank)
                        .info()
                        .ifPresent(info -> byBoot.computeIfAbsent(info.bootId(), boot -> new ArrayList<>())
                                .add(rank));
            }
        });
        List<String> lines = new ArrayList<>();
        for (List<Integer> together : byBoot.values()) {
            if (together.size() > 1) {
                int last = together.getFirst();
                long first = Long.MAX_VALUE;
                for (int rank : together) {
                    last = arrived(answer, rank) > arrived(answer, last) ? rank : last;
                    first = Math.min(first, arrived(answer, rank));
                }
                lines.add(String.format(
                        Locale.ROOT, "last: rank %d +%.0f us", last, (arrived(answer, last) - first) / MICRO));
            }
        }
        return lines;
    }

    private static long arrived(Group.Answer answer, int rank) {
        XCollectiveResult result = answer.results().get(rank);
        return result.arrivedNs().orElse(0);
    }
}
