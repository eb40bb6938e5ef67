package dev.neurontp.conformance.report;

import static dev.neurontp.conformance.report.LogWriter.Colour.GREEN;
import static dev.neurontp.conformance.report.LogWriter.Colour.RED;
import static dev.neurontp.conformance.report.LogWriter.Colour.YELLOW;

import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Count;
import dev.neurontp.conformance.check.Failure;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Prints a run's findings for a person: failures first to last, then one line that sums up. */
public final class TerminalReport {

    private final LogWriter out;
    private final Detail detail;
    private final Set<String> explained = new HashSet<>();

    /** How much is printed. */
    public enum Detail {
        /** Failures and the last line alone. */
        QUIET,
        /** Also what was skipped, how the workers ended, and flaky entries. */
        NORMAL,
        /** Also every failure whole, with its transcript. */
        TRACE
    }

    /** A report to this writer, with colours or without. */
    public TerminalReport(PrintWriter out, boolean colour, Detail detail) {
        this.out = new LogWriter(out, colour);
        this.detail = detail;
    }

    /** Prints all of it. */
    public void print(RunReport report) {
        for (Causes.Cause cause : Causes.of(report)) {
            failure(report, cause.first());
            if (detail == Detail.TRACE) {
                cause.alike().forEach(finding -> failure(report, finding));
            } else {
                alike(cause);
            }
            out.line("");
        }
        for (var entry : report.stale()) {
            out.line(RED, "STALE", entry + "\n  " + FailureText.STALE);
        }
        report.soak().ifPresent(soak -> soak.findings().forEach(grows -> out.line(RED, "FAILED", "soak  " + grows)));
        for (String error : report.errors()) {
            out.line(RED, "ERROR", "of the suite itself, not of the worker: " + error);
        }
        if (!report.unjudgeable().isEmpty()) {
            unjudgeable(report);
        }
        if (detail != Detail.QUIET) {
            remarks(report);
        } else if (report.outcome() == Outcome.NOT_JUDGED) {
            whyNotJudged(report);
        }
        summary(report);
        out.flush();
    }

    private void remarks(RunReport report) {
        out.line("of: "
                + report.facts().named().entrySet().stream()
                        .map(fact -> fact.getKey() + " " + fact.getValue())
                        .collect(Collectors.joining(", ")));
        report.flaky().forEach(flaky -> out.line("flaky: " + flaky.entry() + " (" + flaky.words() + ")"));
        report.soak().ifPresent(soak -> {
            out.line("soak: " + soak.words());
            soak.notes().forEach(note -> out.line("soak: " + note));
        });
        if (!report.shutdowns().isEmpty()) {
            out.line("shutdown: " + String.join("; ", report.shutdowns()));
        }
        whyNotJudged(report);
    }

    private void whyNotJudged(RunReport report) {
        reasons(report, Verdict.SKIPPED, "skipped");
        if (report.unjudgeable().isEmpty()) {
            reasons(report, Verdict.MISSING, "missing");
        }
    }

    /** The one line that sums up. */
    private void summary(RunReport report) {
        String word = report.outcome().name().replace('_', ' ');
        String stage = report.stage().isEmpty() ? "" : ", stage " + report.stage() + " (" + report.stageReason() + ")";
        String words = Counts.of(report) + "; " + Count.of(report.cases(), "case", "cases") + ", "
                + Count.of(report.processes(), "process", "processes") + ", "
                + String.format(java.util.Locale.ROOT, "%.1f s", report.took().toMillis() / 1000.0) + ", seed "
                + report.options().seed() + stage;
        out.line(report.outcome() == Outcome.PASSED ? GREEN : RED, word, words);
    }

    private void failure(RunReport report, Finding finding) {
        Failure failure = finding.failure();
        boolean warned = finding.counts() == Verdict.WARNED;
        out.line(warned ? YELLOW : RED, warned ? "WARNED" : "FAILED", FailureText.head(report, finding));
        out.line(FailureText.fields(report, finding, explained.add(failure.rule())));
        if (detail == Detail.TRACE) {
            field("transcript", String.join("\n", failure.transcript()));
        }
    }

    /** The failures that look like the one above, a line each; whole they are in the report and with --trace. */
    private void alike(Causes.Cause cause) {
        List<Finding> alike = cause.alike();
        if (alike.isEmpty()) {
            return;
        }
        int width = alike.stream()
                .mapToInt(one -> one.failure().check().length())
                .max()
                .orElse(0);
        String lines = alike.stream()
                .map(Finding::failure)
                .map(one -> String.format("%-" + width + "s  sent %s", one.check(), Failure.inOneLine(one.sent())))
                .collect(Collectors.joining("\n"));
        field(
                "the same",
                Count.of(alike.size(), "more failure", "more failures") + " like this one ("
                        + cause.first().failure().cause()
                        + "): fix the one above and run again; what is left then has a"
                        + " cause of its own\n" + lines);
    }

    private void unjudgeable(RunReport report) {
        out.line(RED, "NOT JUDGED", "the worker could not be judged at all");
        out.line(FailureText.unjudgeable(report));
    }

    private void field(String name, String value) {
        out.line(FailureText.field(name, value));
    }

    private void reasons(RunReport report, Verdict verdict, String word) {
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        for (RuleReport rule : report.rules()) {
            if (rule.verdict() == verdict) {
                byReason.computeIfAbsent(rule.reason(), reason -> new java.util.ArrayList<>())
                        .add(rule.rule().id());
            }
        }
        byReason.forEach((reason, ids) -> out.line(word + ": " + String.join(" ", ids) + " (" + reason + ")"));
    }
}
