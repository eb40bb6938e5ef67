package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunOptions;
import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.RunReport.Finding;
import dev.neurontp.conformance.RunReport.RuleReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.soak.SoakReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code junit.xml}: a test case for each rule, as CI systems read it. */
final class JunitReport {

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final RunReport report;
    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    private JunitReport(RunReport report) {
        this.report = report;
    }

    static String of(RunReport report) {
        return new JunitReport(report).whole();
    }

    private String whole() {
        List<RuleReport> rules = report.rules().stream()
                .filter(rule -> rule.verdict() != Verdict.NOT_JUDGED)
                .toList();
        Map<String, String> suite = new LinkedHashMap<>();
        suite.put("name", report.options().suite());
        suite.put("timestamp", SECONDS.format(report.startedAt()));
        suite.put("hostname", report.facts().host());
        int soaks = report.soak().isPresent() ? 1 : 0;
        long grown = report.soak().filter(soak -> !soak.findings().isEmpty()).stream()
                .count();
        int untold = report.untold().isEmpty() ? 0 : 1;
        suite.put("tests", String.valueOf(rules.size() + report.stale().size() + soaks + untold));
        suite.put(
                "failures",
                String.valueOf(report.count(Verdict.FAILED) + report.stale().size() + grown));
        suite.put("errors", String.valueOf(report.count(Verdict.ERROR) + report.count(Verdict.MISSING) + untold));
        suite.put("skipped", String.valueOf(report.count(Verdict.SKIPPED) + report.count(Verdict.EXPECTED)));
        suite.put("time", seconds(report.took().toMillis()));
        open("testsuite", suite);
        xml.append("\n");
        properties();
        rules.forEach(this::rule);
        report.stale().forEach(entry -> {
            open("testcase", testcase("known", entry.toString(), 0));
            open("failure", Map.of("type", "stale known failure", "message", "it " + FailureText.STALE));
            xml.append("</failure></testcase>\n");
        });
        report.soak().ifPresent(this::soak);
        if (untold > 0) {
            xml.append("  ");
            open("testcase", testcase("suite", "the run", report.took().toMillis()));
            result("error", "not judged", report.untold(), "");
            xml.append("</testcase>\n");
        }
        return xml.append("</testsuite>\n").toString();
    }

    private void soak(SoakReport soak) {
        xml.append("  ");
        open("testcase", testcase("soak", "soak", soak.took().toMillis()));
        if (!soak.findings().isEmpty()) {
            result("failure", "growth", String.join("; ", soak.findings()), soak.words());
        }
        output("system-out", soak.words() + "\n" + String.join("\n", soak.notes()));
        xml.append("</testcase>\n");
    }

    private void properties() {
        xml.append("  <properties>\n");
        About.of(report).forEach((name, value) -> {
            xml.append("    ");
            Map<String, String> property = new LinkedHashMap<>();
            property.put("name", name);
            property.put("value", value);
            open("property", property);
            xml.append("</property>\n");
        });
        xml.append("  </properties>\n");
    }

    private void rule(RuleReport rule) {
        long millis = rule.checks().stream().mapToLong(CheckResult::millis).sum();
        xml.append("  ");
        open(
                "testcase",
                testcase(
                        rule.rule().level().name(),
                        rule.rule().id() + " " + rule.rule().title(),
                        millis));
        List<Failure> failures =
                report.decisive(rule).stream().map(Finding::failure).toList();
        switch (rule.verdict()) {
            case FAILED ->
                result(
                        "failure",
                        failures.getFirst().type(),
                        failures.getFirst().message(),
                        text(failures));
            case EXPECTED -> result("skipped", "expected failure", "expected failure", "");
            case SKIPPED -> result("skipped", "not judged", rule.reason(), "");
            case MISSING, ERROR ->
                result(
                        "error",
                        rule.verdict().words(),
                        rule.verdict().words() + ": " + rule.reason() + report.unjudgeable(),
                        "");
            case WARNED, PASSED, NOT_JUDGED -> {}
        }
        String began = rule.checks().stream()
                .map(CheckResult::startedAt)
                .min(Instant::compareTo)
                .map(start -> "began " + start.truncatedTo(ChronoUnit.MILLIS) + "\n")
                .orElse("");
        output("system-out", began + (rule.verdict() == Verdict.WARNED ? text(failures) : ""));
        output(
                "system-err",
                failures.stream()
                        .flatMap(failure -> failure.stderr().stream())
                        .distinct()
                        .collect(Collectors.joining("\n")));
        xml.append("</testcase>\n");
    }

    /** The suite's name is in the class's: CI systems that merge files keep the cases of two workers apart. */
    private Map<String, String> testcase(String group, String name, long millis) {
        String suite = report.options().suite();
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("classname", (suite.equals(RunOptions.DEFAULT_SUITE) ? "wire" : suite) + "." + group);
        attributes.put("name", name);
        attributes.put("time", seconds(millis));
        return attributes;
    }

    private void result(String tag, String type, String message, String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("type", type);
        attributes.put("message", message);
        open(tag, attributes);
        xml.append(Markup.escape(text)).append("</").append(tag).append(">");
    }

    private void output(String tag, String text) {
        if (!text.isEmpty()) {
            open(tag, Map.of());
            xml.append(Markup.escape(text)).append("</").append(tag).append(">");
        }
    }

    private void open(String tag, Map<String, String> attributes) {
        xml.append("<").append(tag);
        attributes.forEach((name, value) -> xml.append(" ")
                .append(name)
                .append("=\"")
                .append(Markup.escape(value))
                .append("\""));
        xml.append(">");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    private static String text(List<Failure> failures) {
        return failures.stream()
                .map(failure -> failure.check() + " (" + failure.type() + ")\nsent: " + failure.sent() + "\nexpected: "
                        + failure.expected() + "\ngot: " + failure.got() + "\nprocess: " + failure.ending()
                        + "\nagain: "
                        + failure.rerun())
                .collect(Collectors.joining("\n\n"));
    }
}
