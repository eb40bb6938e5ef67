package dev.neurontp.conformance.check;

import java.util.ArrayList;
import java.util.List;

/**
 * One failure, with all that a person needs to fix the worker.
 *
 * @param message what is wrong, in one line that is the same for every seed as far as possible
 * @param type what kind of failure it is, such as {@code no reply}
 * @param lineClass what is particular about the lines that failed, or empty
 * @param random whether the lines were drawn at random
 * @param known whether it is a known failure; known and new ones are never one
 * @param examples what failed, by the names that files of known failures use
 * @param cause what it has in common with other failures that are likely to go with the same change of the worker
 * @param atMillis when it was seen, in milliseconds since that process's start
 * @param stderr the last lines of stderr
 * @param ending how the process ended, or that it was still running
 * @param shrunk whether {@code sent} is the smallest input that still fails, found by shrinking
 * @param also what else was sent with the same outcome, a line each, as far as it is kept
 * @param times how often the same was seen in this run
 */
public record Failure(
        String rule,
        String check,
        String message,
        String type,
        String lineClass,
        boolean random,
        boolean known,
        List<String> examples,
        String sent,
        String expected,
        String got,
        String cause,
        long atMillis,
        List<String> stderr,
        String ending,
        boolean shrunk,
        String rerun,
        int times,
        List<String> also,
        List<String> transcript) {

    private static final int MAX_EXAMPLES = 2000;
    private static final int MAX_ALSO = 25;
    private static final int LINE = 90;

    public Failure {
        examples = List.copyOf(examples);
        stderr = List.copyOf(stderr);
        transcript = List.copyOf(transcript);
        also = List.copyOf(also);
    }

    /** Whether its rule is the one that is about just such lines: then the rule names the cause. */
    public boolean namesItsCause() {
        return rule.equals(LineClass.ruleOf(lineClass));
    }

    /** What was sent, cut to one line of at most some 90 characters. */
    public static String inOneLine(String sent) {
        List<String> lines = sent.lines().toList();
        String first = lines.isEmpty() ? "" : lines.getFirst();
        // In characters of the reader: never through the middle of one.
        int end = first.codePointCount(0, first.length()) > LINE ? first.offsetByCodePoints(0, LINE) : first.length();
        return first.substring(0, end)
                + (end < first.length() ? "…" : "")
                + switch (lines.size()) {
                    case 0, 1 -> "";
                    case 2 -> " and 1 more line";
                    default -> " and " + (lines.size() - 1) + " more lines";
                };
    }

    Failure again(String sentNow, String example) {
        List<String> all = new ArrayList<>(examples);
        if (!all.contains(example) && all.size() < MAX_EXAMPLES) {
            all.add(example);
        }
        List<String> more = new ArrayList<>(also);
        String line = inOneLine(sentNow);
        if (!sentNow.equals(sent) && more.size() < MAX_ALSO && !more.contains(line)) {
            more.add(line);
        }
        return new Failure(
                rule,
                check,
                message,
                type,
                lineClass,
                random,
                known,
                all,
                sent,
                expected,
                got,
                cause,
                atMillis,
                stderr,
                ending,
                shrunk,
                rerun,
                times + 1,
                more,
                transcript);
    }
}
