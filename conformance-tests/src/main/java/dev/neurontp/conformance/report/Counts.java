package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Count;
import java.util.List;

/** A run in numbers. */
final class Counts {

    private Counts() {}

    /** How many rules have which verdict, and how many checks failed for how many likely causes, in words. */
    static String of(RunReport report) {
        String counts = "rules: " + report.count(Verdict.PASSED) + " passed, " + report.count(Verdict.FAILED)
                + " failed, "
                + report.count(Verdict.WARNED) + " warned, "
                + Count.of(report.count(Verdict.EXPECTED), "expected failure", "expected failures") + ", "
                + report.count(Verdict.SKIPPED) + " skipped";
        String missing = report.count(Verdict.MISSING) > 0 ? ", " + report.count(Verdict.MISSING) + " missing" : "";
        String error = report.count(Verdict.ERROR) > 0
                ? ", " + report.count(Verdict.ERROR) + " with an error of the suite"
                : "";
        String stale = report.stale().isEmpty()
                ? ""
                : ", " + Count.of(report.stale().size(), "stale known failure", "stale known failures");
        int grows = report.soak().map(soak -> soak.findings().size()).orElse(0);
        String soak = grows == 0 ? "" : ", " + Count.of(grows, "failure", "failures") + " in the soak";
        return counts + missing + error + stale + soak + flaky(report) + checks(report);
    }

    private static String flaky(RunReport report) {
        long failed = report.flaky().stream().filter(one -> one.failed() > 0).count();
        return report.flaky().isEmpty()
                ? ""
                : ", " + failed + " of " + Count.of(report.flaky().size(), "flaky entry", "flaky entries") + " failed";
    }

    private static String checks(RunReport report) {
        List<Causes.Cause> causes = Causes.of(report);
        int checks = causes.stream().mapToInt(cause -> cause.findings().size()).sum();
        return checks == 0
                ? ""
                : "; " + Count.of(checks, "failure", "failures") + " in checks, of "
                        + Count.of(causes.size(), "likely cause", "likely causes");
    }
}
