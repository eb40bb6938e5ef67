package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RerunLine;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.check.Failure;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A failure as lines for a person: a line that names it, then what was sent, expected and got, how the process was, how to see it again.
 * Others' words stand in it: it is printed as {@link dev.neurontp.conformance.process.LogText}.
 */
public final class FailureText {

    /** What is said of a known failure that passes now, behind its entry. */
    public static final String STALE =
            "is in the file of known failures; it was looked for in this run and did not fail: take it out";

    private static final int STDERR_LINES = 20;
    private static final int ALSO_LINES = 8;

    private FailureText() {}

    /**
     * All of it, such as {@code O6.lenient  MUST  what is no request is refused} and its fields, a line or more each.
     *
     * @param withRule whether the rule's text is told; else it was told above
     */
    public static String of(RunReport report, Finding finding, boolean withRule) {
        return head(report, finding) + "\n" + fields(report, finding, withRule);
    }

    static String head(RunReport report, Finding finding) {
        Failure failure = finding.failure();
        RuleReport rule = report.of(failure);
        return failure.check() + "  " + rule.rule().level() + "  " + rule.rule().title()
                + (failure.times() > 1 ? "  (seen " + failure.times() + " times)" : "");
    }

    static String fields(RunReport report, Finding finding, boolean withRule) {
        Failure failure = finding.failure();
        StringBuilder out = new StringBuilder();
        out.append(field("rule", withRule ? report.of(failure).rule().text() : "as above"));
        out.append(field(failure.shrunk() ? "sent (the smallest that fails)" : "sent", failure.sent()));
        if (!failure.also().isEmpty()) {
            int more = failure.also().size() - ALSO_LINES;
            out.append(field(
                    "also sent",
                    failure.also().stream().limit(ALSO_LINES).collect(Collectors.joining("\n"))
                            + (more > 0 ? "\n… and " + more + " more" : "")));
        }
        out.append(field("expected", failure.expected()));
        out.append(field("got", failure.got()));
        out.append(field("when", failure.atMillis() + " ms after that process began"));
        out.append(field("process", failure.ending()));
        out.append(field("stderr", stderr(failure.stderr())));
        return out.append(field("again", failure.rerun())).toString();
    }

    private static String stderr(List<String> lines) {
        return lines.isEmpty()
                ? "(nothing)"
                : lines.stream().skip(Math.max(0, lines.size() - STDERR_LINES)).collect(Collectors.joining("\n"));
    }

    /** The words of a worker that could not be judged at all. */
    public static String unjudgeable(RunReport report) {
        StringBuilder out = new StringBuilder();
        out.append(field(
                "command", RerunLine.command(report.options()) + " --worker --rank 1 --tp-size 3 --cuda-device 0"));
        out.append(field("seen", report.unjudgeable()));
        if (!report.stderr().isEmpty()) {
            out.append(field("stderr", String.join("\n", report.stderr())));
        }
        return out.append(
                        field(
                                "to do",
                                report.judgeFailed()
                                        ? "give the judge what it lacks: CPU time, memory, processes, open files (ulimit -a, ulimit -Ha), and run it again"
                                        : report.processes() == 0
                                                ? "fix the worker's command"
                                                : "start that command by hand, type {\"op\":\"ping\"} and a newline, and see what comes back"))
                .toString();
    }

    static String field(String name, String value) {
        String indented = value.lines().collect(Collectors.joining("\n             "));
        return String.format("  %-10s %s\n", name, indented);
    }
}
