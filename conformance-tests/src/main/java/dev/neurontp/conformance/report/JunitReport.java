package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.Failure;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code junit.xml}: a test case for each rule, as CI systems read it. */
final class JunitReport {

    private JunitReport() {}

    static String of(RunReport report) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        List<RuleReport> rules = report.rules().stream()
                .filter(rule -> rule.verdict() != Verdict.NOT_JUDGED)
                .toList();
        long failed = report.count(Verdict.FAILED);
        long errors = report.count(Verdict.ERROR) + report.count(Verdict.MISSING);
        long skipped = report.count(Verdict.SKIPPED) + report.count(Verdict.EXPECTED);
        xml.append(String.format(
                Locale.ROOT,
                "<testsuite name=\"wire conformance\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%.3f\">\n",
                rules.size() + report.stale().size(),
                failed + report.stale().size(),
                errors,
                skipped,
                report.took().toMillis() / 1000.0));
        for (RuleReport rule : rules) {
            double seconds =
                    rule.checks().stream().mapToLong(CheckResult::millis).sum() / 1000.0;
            xml.append(String.format(
                    Locale.ROOT,
                    "  <testcase classname=\"wire.%s\" name=\"%s %s\" time=\"%.3f\">",
                    rule.rule().level(),
                    rule.rule().id(),
                    Markup.escape(rule.rule().title()),
                    seconds));
            xml.append(body(rule, report)).append("</testcase>\n");
        }
        report.stale()
                .forEach(entry -> xml.append("  <testcase classname=\"wire.known\" name=\"")
                        .append(Markup.escape(entry.toString()))
                        .append("\"><failure type=\"stale known failure\" message=\"it ")
                        .append(TerminalReport.STALE)
                        .append("\"/></testcase>\n"));
        return xml.append("</testsuite>\n").toString();
    }

    private static String body(RuleReport rule, RunReport report) {
        return switch (rule.verdict()) {
            case FAILED -> failures(rule, report, "failure");
            case WARNED -> "<system-out>" + Markup.escape(text(rule, report)) + "</system-out>";
            case EXPECTED -> "<skipped message=\"expected failure\"/>";
            case SKIPPED -> "<skipped message=\"" + Markup.escape(rule.reason()) + "\"/>";
            case MISSING, ERROR ->
                "<error message=\""
                        + Markup.escape(rule.verdict().words() + ": " + rule.reason() + report.unjudgeable()) + "\"/>";
            case PASSED, NOT_JUDGED -> "";
        };
    }

    private static String failures(RuleReport rule, RunReport report, String tag) {
        String first = of(rule, report).getFirst().message();
        return "<" + tag + " message=\"" + Markup.escape(first) + "\">" + Markup.escape(text(rule, report)) + "</" + tag
                + ">";
    }

    private static List<Failure> of(RuleReport rule, RunReport report) {
        return report.findings().stream()
                .map(Finding::failure)
                .filter(failure -> failure.rule().equals(rule.rule().id()))
                .toList();
    }

    private static String text(RuleReport rule, RunReport report) {
        return of(rule, report).stream()
                .map(failure -> failure.check() + "\nsent: " + failure.sent() + "\nexpected: " + failure.expected()
                        + "\ngot: " + failure.got() + "\nprocess: " + failure.ending() + "\nagain: " + failure.rerun())
                .collect(Collectors.joining("\n\n"));
    }
}
