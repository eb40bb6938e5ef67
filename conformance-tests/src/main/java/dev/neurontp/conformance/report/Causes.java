package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.process.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run's failures by their likely causes, the one to fix first in front: what breaks the stream itself, then what
 * most failures share. Expected failures are left out.
 */
final class Causes {

    private static final String BLANK_LINES = "F3";
    /** Other rules send large lines too, which then fail for their size. */
    private static final String LARGE_FRAMES = "F8";
    /** While these fail, replies cannot be matched to requests, and other rules may fail because of it. */
    private static final List<String> FIRST = List.of("F5", "F7", BLANK_LINES);

    private Causes() {}

    /** Failures of one cause; the first is the plainest. */
    record Cause(List<Finding> findings) {

        Finding first() {
            return findings.getFirst();
        }

        /** The others. */
        List<Finding> alike() {
            return findings.subList(1, findings.size());
        }
    }

    static List<Cause> of(RunReport report) {
        List<Finding> counted = report.findings().stream()
                .filter(finding -> finding.counts() != Verdict.EXPECTED)
                .toList();
        Optional<String> answersBlankLines = counted.stream()
                .filter(finding -> finding.failure().rule().equals(BLANK_LINES))
                .findFirst()
                .map(finding -> finding.failure().cause());
        Map<String, List<Finding>> byCause = new LinkedHashMap<>();
        for (Finding finding : counted) {
            String key = answersBlankLines
                    .filter(_ -> hasBlankLine(finding))
                    .orElse(finding.failure().cause());
            byCause.computeIfAbsent(key, any -> new ArrayList<>()).add(finding);
        }
        Comparator<Cause> order = Comparator.comparing(
                        (Cause cause) -> cause.first().counts() == Verdict.WARNED)
                .thenComparing(cause -> !isFirst(cause.first()))
                .thenComparingInt(cause -> -cause.findings().size())
                .thenComparingInt(cause -> place(report, cause.first().failure()));
        return byCause.values().stream()
                .map(Causes::plainestFirst)
                .sorted(order)
                .toList();
    }

    /** A reply to a blank line shifts all that come after it, whatever was being checked. */
    private static boolean hasBlankLine(Finding finding) {
        return finding.failure().sent().lines().anyMatch(Printable::isBlankLine);
    }

    private static Cause plainestFirst(List<Finding> findings) {
        return new Cause(findings.stream()
                .sorted(Comparator.comparing((Finding finding) -> finding.counts() == Verdict.WARNED)
                        .thenComparing(finding -> !isFirst(finding))
                        .thenComparing(finding -> !finding.failure().rule().equals(LARGE_FRAMES))
                        .thenComparing(finding -> !finding.failure().namesItsCause())
                        .thenComparingLong(
                                finding -> finding.failure().sent().lines().count())
                        .thenComparingInt(finding -> finding.failure().sent().length())
                        .thenComparing(finding -> finding.failure().check()))
                .toList());
    }

    private static boolean isFirst(Finding finding) {
        return FIRST.contains(finding.failure().rule());
    }

    private static int place(RunReport report, Failure failure) {
        return report.rules().indexOf(report.of(failure));
    }
}
