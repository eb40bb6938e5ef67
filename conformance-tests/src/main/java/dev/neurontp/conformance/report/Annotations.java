package dev.neurontp.conformance.report;

import dev.neurontp.conformance.RunReport;
import dev.neurontp.conformance.Verdict;
import dev.neurontp.conformance.check.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * {@code annotations.txt}: the failures as workflow commands of GitHub, a line each, the one to fix first in front. What stands in them
 * is escaped as GitHub wants it, so that no text of a worker can be a command of its own.
 */
final class Annotations {

    /** GitHub shows so many of a level for a step. */
    private static final int MOST = 10;

    private static final int MOST_CHARACTERS = 2000;
    private static final String TITLE = "wire contract";

    private Annotations() {}

    static String of(RunReport report) {
        List<String> errors = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (!report.unjudgeable().isEmpty()) {
            errors.add(line("error", TITLE, "the worker could not be judged at all: " + report.unjudgeable()));
        }
        for (Causes.Cause cause : Causes.of(report)) {
            boolean warned = cause.first().counts() == Verdict.WARNED;
            (warned ? warnings : errors).add(line(warned ? "warning" : "error", title(report, cause), words(cause)));
        }
        report.stale().forEach(entry -> errors.add(line("error", TITLE, entry + " " + FailureText.STALE)));
        report.soak()
                .ifPresent(soak ->
                        soak.findings().forEach(grows -> errors.add(line("error", TITLE + ", soak", grows))));
        report.errors()
                .forEach(
                        error -> errors.add(line("error", TITLE, "the suite itself failed, not the worker: " + error)));
        if (!report.stop().isEmpty()) {
            errors.add(line("error", TITLE, "not complete: " + report.stop()));
        } else if (!report.untold().isEmpty()) {
            errors.add(line("error", TITLE, report.untold()));
        }
        return first(errors) + first(warnings);
    }

    private static String title(RunReport report, Causes.Cause cause) {
        Failure failure = cause.first().failure();
        return TITLE + " " + failure.check() + " (" + report.of(failure).rule().level() + ")";
    }

    private static String words(Causes.Cause cause) {
        Failure failure = cause.first().failure();
        String alike = cause.alike().isEmpty()
                ? ""
                : "\nlikely of the same cause: "
                        + cause.alike().stream()
                                .map(one -> one.failure().check())
                                .distinct()
                                .collect(Collectors.joining(", "));
        return failure.message() + "\nsent: " + failure.sent() + "\ngot: " + failure.got() + "\nagain: "
                + failure.rerun() + alike;
    }

    private static String first(List<String> lines) {
        return lines.stream().limit(MOST).collect(Collectors.joining());
    }

    static String line(String level, String title, String words) {
        int most = Math.min(words.length(), MOST_CHARACTERS);
        // Never through the middle of a character.
        int end = most < words.length() && Character.isLowSurrogate(words.charAt(most)) ? most - 1 : most;
        String shown = words.substring(0, end) + (end < words.length() ? "…" : "");
        return "::" + level + " title=" + escaped(title).replace(":", "%3A").replace(",", "%2C") + "::" + escaped(shown)
                + "\n";
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }
}
