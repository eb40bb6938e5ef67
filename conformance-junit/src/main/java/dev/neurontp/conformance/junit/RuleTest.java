package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.process.LogText;
import dev.neurontp.conformance.report.FailureText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.function.Executable;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** The test of one rule: it tells what the run, which is over, found. */
final class RuleTest implements Executable {

    /** So many failures of a rule are told whole, the others by a line. */
    private static final int WHOLE = 3;

    private static final int MOST_EVIDENCE = 10;
    private static final int MOST_TRANSCRIPT = 32 << 10;

    private final RunReport report;
    private final RuleReport rule;
    private final ShouldPolicy should;
    private final List<Finding> findings;

    RuleTest(RunReport report, RuleReport rule, ShouldPolicy should) {
        this.report = report;
        this.rule = rule;
        this.should = should;
        this.findings = report.decisive(rule);
    }

    String name() {
        return rule.rule().id() + " " + rule.rule().level() + " " + rule.rule().title();
    }

    @Override
    public void execute() {
        switch (rule.verdict()) {
            case PASSED, NOT_JUDGED -> {}
            case FAILED -> throw broken();
            case WARNED -> {
                if (should == ShouldPolicy.ABORT) {
                    throw aborted("a SHOULD that the worker breaks\n" + text());
                }
            }
            case EXPECTED -> throw aborted("a known failure\n" + text());
            case SKIPPED -> throw aborted(rule.reason());
            case MISSING -> throw failed("not judged: " + rule.reason());
            case ERROR -> throw failed(rule.reason() + ", not the worker: " + String.join("; ", report.errors()));
        }
    }

    private AssertionFailedError broken() {
        Failure first = findings.getFirst().failure();
        // With both, an IDE shows them side by side.
        return Traceless.of(new AssertionFailedError(
                LogText.of(first.message() + "\n" + text()), LogText.of(first.expected()), LogText.of(first.got())));
    }

    static AssertionFailedError failed(String words) {
        return Traceless.of(new AssertionFailedError(LogText.of(words)));
    }

    private static TestAbortedException aborted(String reason) {
        return Traceless.of(new TestAbortedException(LogText.of(reason)));
    }

    private String text() {
        String whole = findings.stream()
                .limit(WHOLE)
                .map(finding -> FailureText.of(report, finding, finding.equals(findings.getFirst()))
                        + Overrides.line(finding.failure()))
                .collect(Collectors.joining("\n"));
        String others = findings.stream()
                .skip(WHOLE)
                .map(Finding::failure)
                .map(failure -> "\n" + failure.check() + "  sent " + Failure.inOneLine(failure.sent()))
                .collect(Collectors.joining());
        return whole + others;
    }

    /** What went over the pipes, a map of report entries for each failure; the last part of it where it is long. */
    List<Map<String, String>> evidence() {
        return findings.stream()
                .map(Finding::failure)
                .filter(failure -> !failure.transcript().isEmpty())
                .limit(MOST_EVIDENCE)
                .map(RuleTest::entries)
                .toList();
    }

    private static Map<String, String> entries(Failure failure) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("check", failure.check());
        entries.put("again", LogText.of(failure.rerun()));
        entries.put("transcript", LogText.of(end(String.join("\n", failure.transcript()))));
        return entries;
    }

    private static String end(String text) {
        if (text.length() <= MOST_TRANSCRIPT) {
            return text;
        }
        int from = text.indexOf('\n', text.length() - MOST_TRANSCRIPT);
        return "…(the last part of " + text.length() + " characters)…" + text.substring(from);
    }
}
