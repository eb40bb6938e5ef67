package dev.neurontp.conformance.report;

import static dev.neurontp.conformance.report.Markup.escape;

import dev.neurontp.conformance.Outcome;
import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Count;
import dev.neurontp.conformance.check.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** {@code report.html}: one file that fetches nothing, readable on a phone and in the dark. */
final class HtmlReport {

    private HtmlReport() {}

    static String of(RunReport report) throws IOException {
        StringBuilder body = new StringBuilder();
        body.append("<h1>")
                .append(escape(MarkdownReport.title(report)))
                .append(": ")
                .append(report.outcome() == Outcome.PASSED ? "passed" : "not passed")
                .append("</h1><p><code>")
                .append(escape(RerunLine.command(report.options())))
                .append("</code></p><p class=\"sum\">Exit code ")
                .append(report.outcome().exitCode())
                .append(": ")
                .append(escape(Counts.of(report)))
                .append("</p><p class=\"about\">")
                .append(escape(about(report)))
                .append("</p>");
        report.stale()
                .forEach(entry -> body.append("<p class=\"sum\">")
                        .append(escape("Stale: " + entry + " " + FailureText.STALE))
                        .append("</p>"));
        report.soak().ifPresent(soak -> SoakSection.add(body, soak));
        order(body, report);
        filters(body, report);
        for (RuleReport rule : inOrder(report)) {
            rule(body, rule, report);
        }
        body.append("<details class=\"about\"><summary>of what and where</summary><dl>");
        About.of(report).forEach((name, value) -> field(body, escape(name), value));
        body.append("</dl></details>\n");
        return template().replace("<!--body-->", body);
    }

    private static String about(RunReport report) {
        String stage = report.stage().isEmpty() ? "" : "Stage " + report.stage() + " (" + report.stageReason() + "). ";
        String stop = report.stop().isEmpty() ? "" : "Not complete: " + report.stop() + ". ";
        String not = report.unjudgeable().isEmpty() ? "" : "Not judged: " + report.unjudgeable() + ". ";
        String shutdown =
                report.shutdowns().isEmpty() ? "" : " Shutdown: " + String.join("; ", report.shutdowns()) + ".";
        String errors = report.errors().isEmpty()
                ? ""
                : " Errors of the suite itself: " + String.join("; ", report.errors()) + ".";
        return not + stop + stage + Count.of(report.cases(), "case", "cases") + ", "
                + Count.of(report.processes(), "process", "processes") + ", "
                + String.format(Locale.ROOT, "%.1f s", report.took().toMillis() / 1000.0) + ", seed "
                + report.options().seed() + ", started " + report.startedAt().truncatedTo(ChronoUnit.SECONDS)
                + "."
                + shutdown + errors;
    }

    /** The rules that failed first, in the order in which to fix them; then the others, as the contract has them. */
    private static Set<RuleReport> inOrder(RunReport report) {
        Set<RuleReport> rules = new LinkedHashSet<>();
        for (Causes.Cause cause : Causes.of(report)) {
            cause.findings().forEach(finding -> rules.add(report.of(finding.failure())));
        }
        rules.addAll(report.rules());
        return rules;
    }

    /** Links to the failures in the order in which to fix them, so that nobody has to scroll or to choose. */
    private static void order(StringBuilder body, RunReport report) {
        List<Causes.Cause> causes = Causes.of(report);
        if (causes.isEmpty()) {
            return;
        }
        body.append("<p class=\"about\">Fix in this order:</p><ol class=\"order\">");
        for (Causes.Cause cause : causes) {
            body.append("<li>").append(cause.first().counts().words()).append(": ");
            link(body, cause.first());
            if (!cause.alike().isEmpty()) {
                body.append("; look alike:");
                cause.alike().forEach(one -> link(body.append(" "), one));
            }
            body.append("</li>");
        }
        body.append("</ol>");
    }

    private static void link(StringBuilder body, Finding finding) {
        body.append("<a href=\"#")
                .append(finding.failure().rule())
                .append("\">")
                .append(escape(finding.failure().check()))
                .append("</a>");
    }

    private static void filters(StringBuilder body, RunReport report) {
        body.append("<p class=\"filters\"><button data-verdict=\"all\">all</button>");
        for (Verdict verdict : Verdict.values()) {
            if (report.count(verdict) > 0) {
                body.append("<button data-verdict=\"")
                        .append(name(verdict))
                        .append("\">")
                        .append(verdict.words())
                        .append(" ")
                        .append(report.count(verdict))
                        .append("</button>");
            }
        }
        body.append("</p>");
    }

    private static void rule(StringBuilder body, RuleReport rule, RunReport report) {
        boolean open = rule.verdict() == Verdict.FAILED || rule.verdict() == Verdict.WARNED;
        body.append("<details id=\"").append(rule.rule().id()).append("\" class=\"rule ");
        body.append(name(rule.verdict())).append(open ? "\" open>" : "\">");
        body.append("<summary><b>")
                .append(rule.rule().id())
                .append("</b> ")
                .append(escape(rule.rule().title()))
                .append(" <i>")
                .append(rule.rule().level())
                .append("</i> <span>")
                .append(rule.verdict().words())
                .append("</span></summary><p>")
                .append(escape(rule.rule().text()))
                .append("</p><p>")
                .append(escape(rule.rule().why()))
                .append("</p><p>")
                .append(escape(rule.reason()))
                .append(" ")
                .append(Count.of(rule.cases(), "case", "cases"))
                .append("</p>");
        for (Finding finding : report.findings()) {
            if (finding.failure().rule().equals(rule.rule().id())) {
                failure(body, finding);
            }
        }
        body.append("</details>\n");
    }

    private static void failure(StringBuilder body, Finding finding) {
        Failure failure = finding.failure();
        body.append("<h3>").append(escape(failure.check()));
        body.append(finding.counts() == Verdict.EXPECTED ? " <small>a known failure</small>" : "");
        body.append(failure.times() > 1 ? " <small>seen " + failure.times() + " times</small>" : "");
        body.append(failure.shrunk() ? " <small>the smallest input that fails</small>" : "");
        body.append("</h3><dl>");
        field(body, "type", failure.type());
        field(body, "sent", failure.sent());
        field(body, "also sent", String.join("\n", failure.also()));
        field(body, "expected", failure.expected());
        field(body, "got", failure.got());
        field(body, "when", failure.atMillis() + " ms after that process began");
        field(body, "process", failure.ending());
        field(body, "stderr", String.join("\n", failure.stderr()));
        field(body, "again", failure.rerun());
        field(body, "transcript", String.join("\n", failure.transcript()));
        body.append("</dl>");
    }

    private static void field(StringBuilder body, String name, String value) {
        if (value.isBlank()) {
            return;
        }
        body.append("<dt>")
                .append(name)
                .append("</dt><dd><pre>")
                .append(escape(value))
                .append("</pre></dd>");
    }

    private static String name(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    private static String template() throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream("report.html")) {
            if (in == null) {
                throw new IOException("the template report.html is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
