package dev.neurontp.conformance.check;

import dev.neurontp.conformance.check.RunLog.Evidence;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a failure has in common with others, as far as it can be seen from outside: failures of one cause are likely
 * to go with one change of the worker. A death is known by its exit code and last words, silence and a wrong kind of
 * error by themselves, whatever rule was being checked; any other wrong reply only within its rule.
 */
final class Cause {

    private static final int MAX_CHARACTERS = 100;

    private static final Pattern TELLING =
            Pattern.compile("(error|exception|panic|fault|abort)\\w*\\b.*[: ]", Pattern.CASE_INSENSITIVE);

    private static final Pattern EXCEPTION = Pattern.compile("^\\S*(Error|Exception)\\w*: [^'\"\\\\0-9]*");

    private static final String BLANK_LINES = "a reply to a blank line";

    private Cause() {}

    static String of(RuleViolation violation, Evidence evidence) {
        return switch (violation.observation()) {
            case SILENCE -> "no reply";
            case END -> end(evidence);
            case REPLY -> isBlank(violation) ? BLANK_LINES : reply(violation);
            case DESYNC -> isBlank(violation) ? BLANK_LINES : violation.desync().words();
            case RUNS_ON -> "the process does not end";
            case NOISE -> "F5: lines on stdout that nobody asked for";
            case OTHER -> isBlank(violation) ? BLANK_LINES : other(violation);
        };
    }

    private static String other(RuleViolation violation) {
        return violation.groupError() == null
                ? violation.rule() + ": not " + violation.expected()
                : "a group: " + violation.groupError();
    }

    private static boolean isBlank(RuleViolation violation) {
        return violation.rule().equals("F3");
    }

    private static String reply(RuleViolation violation) {
        boolean wrongKind =
                violation.answer().op().equals("error") && violation.expected().startsWith("an error of kind");
        // Each class of lines that a lenient reader takes is a change of its own.
        String of = violation.line() == null
                ? ""
                : LineClass.of(violation.line().bytes()).words() + ": ";
        return (wrongKind ? "" : violation.rule() + ": " + (violation.rule().equals("O6") ? of : ""))
                + violation.answer();
    }

    private static String end(Evidence evidence) {
        String how = evidence.ending().replaceFirst(" at [0-9]+ ms$", "");
        String words = withoutQuotes(lastStderr(evidence.stderr()));
        String said = words.isEmpty() ? "" : ", " + words.substring(0, Math.min(words.length(), MAX_CHARACTERS));
        return "the worker's end: " + how + said.replaceAll("[0-9]+", "#");
    }

    /** An exception's class and its words up to what it quotes: that differs from one line to the next. */
    private static String withoutQuotes(String words) {
        Matcher exception = EXCEPTION.matcher(words);
        return exception.find() ? exception.group().replaceFirst("[: ]+$", "") : words;
    }

    /** The last line that names what went wrong: some runtimes put a stack behind it, and their version. */
    private static String lastStderr(List<String> stderr) {
        return stderr.reversed().stream()
                .filter(line -> TELLING.matcher(line).find())
                .findFirst()
                .or(() -> stderr.reversed().stream()
                        .filter(line -> !line.isBlank())
                        .findFirst())
                .orElse("")
                .strip();
    }
}
