package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.contract.Rule;
import java.util.stream.Collectors;

/** {@code report.md}: for a CI system's summary. */
final class MarkdownReport {

    private MarkdownReport() {}

    static String of(RunReport report) {
        StringBuilder md = new StringBuilder("# " + Markup.markdown(title(report)) + "\n\n");
        md.append("<code>")
                .append(Markup.cell(RerunLine.command(report.options())))
                .append("</code>\n\n");
        md.append("**Exit code ")
                .append(report.outcome().exitCode())
                .append(".** ")
                .append(Counts.of(report))
                .append("; seed ")
                .append(report.options().seed())
                .append(".\n\n");
        if (!report.unjudgeable().isEmpty()) {
            md.append("The worker could not be judged: ")
                    .append(Markup.markdown(report.unjudgeable()))
                    .append("\n\n");
        }
        if (!report.stage().isEmpty()) {
            md.append("Stage ")
                    .append(report.stage())
                    .append(" (")
                    .append(Markup.markdown(report.stageReason()))
                    .append(").\n\n");
        }
        if (!report.stop().isEmpty()) {
            md.append("Not complete: ").append(Markup.markdown(report.stop())).append(".\n\n");
        } else if (!report.untold().isEmpty()) {
            md.append("**Not judged:** ")
                    .append(Markup.markdown(report.untold()))
                    .append(".\n\n");
        }
        report.stale()
                .forEach(entry -> md.append("**Stale:** ")
                        .append(Markup.markdown(entry + " " + FailureText.STALE))
                        .append(".\n\n"));
        report.errors()
                .forEach(error -> md.append("**Error of the suite itself:** ")
                        .append(Markup.markdown(error))
                        .append(".\n\n"));
        Causes.of(report).forEach(cause -> cause(md, report, cause));
        report.soak().ifPresent(soak -> {
            soak.findings()
                    .forEach(grows -> md.append("**Failed in the soak:** ")
                            .append(Markup.markdown(grows))
                            .append(".\n\n"));
            md.append("Soak: ").append(Markup.markdown(soak.words())).append(".\n\n");
            soak.notes().forEach(note -> md.append(Markup.markdown(note)).append(".\n\n"));
        });
        md.append("| rule | level | verdict | cases | |\n|---|---|---|---|---|\n");
        for (RuleReport rule : report.rules()) {
            if (rule.verdict() != Verdict.NOT_JUDGED) {
                md.append("| ")
                        .append(rule.rule().id())
                        .append(" ")
                        .append(Markup.cell(rule.rule().title()));
                md.append(" | ")
                        .append(rule.rule().level())
                        .append(" | ")
                        .append(rule.verdict().words());
                md.append(" | ")
                        .append(rule.cases())
                        .append(" | ")
                        .append(Markup.cell(rule.reason()))
                        .append(" |\n");
            }
        }
        md.append("\n| | |\n|---|---|\n");
        About.of(report)
                .forEach((name, value) -> md.append("| ")
                        .append(Markup.cell(name))
                        .append(" | ")
                        .append(Markup.cell(value))
                        .append(" |\n"));
        return md.toString();
    }

    /** With the suite's name, where it has one of its own. */
    static String title(RunReport report) {
        String suite = report.options().suite();
        return suite.equals(RunOptions.DEFAULT_SUITE) ? "Wire conformance" : "Wire conformance of " + suite;
    }

    /** The plainest failure whole, and by their names those that most likely go with it. */
    private static void cause(StringBuilder md, RunReport report, Causes.Cause cause) {
        Finding finding = cause.first();
        Failure failure = finding.failure();
        Rule rule = report.of(failure).rule();
        md.append("### ")
                .append(finding.counts().words())
                .append(": ")
                .append(failure.check())
                .append(", ")
                .append(rule.level())
                .append("\n\n")
                .append(Markup.markdown(rule.text()))
                .append(" ")
                .append(Markup.markdown(rule.why()))
                .append("\n\n| | |\n|---|---|\n");
        row(md, "type", failure.type());
        row(md, "sent", failure.sent());
        row(md, "also sent", String.join("\n", failure.also()));
        row(md, "expected", failure.expected());
        row(md, "got", failure.got());
        row(md, "process", failure.ending());
        row(md, "stderr", String.join("\n", failure.stderr()));
        row(md, "again", failure.rerun());
        md.append("\n");
        if (!cause.alike().isEmpty()) {
            md.append("Likely of the same cause: ")
                    .append(cause.alike().stream()
                            .map(one -> "`" + one.failure().check() + "`")
                            .collect(Collectors.joining(", ")))
                    .append(".\n\n");
        }
    }

    private static void row(StringBuilder md, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        md.append("| ")
                .append(name)
                .append(" | <code>")
                .append(Markup.cell(value))
                .append("</code> |\n");
    }
}
