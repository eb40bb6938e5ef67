package dev.neurontp.conformance.check;

import java.util.ArrayList;
import java.util.List;

/**
 * One failure, with all that a person needs to fix the worker.
 *
 * @param message what is wrong, in one line that is the same for every seed as far as possible
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

    private static final int MAX_ALSO = 25;
    private static final int LINE = 90;

    public Failure {
        stderr = List.copyOf(stderr);
        transcript = List.copyOf(transcript);
        also = List.copyOf(also);
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

    Failure again(String sentNow) {
        List<String> more = new ArrayList<>(also);
        String line = inOneLine(sentNow);
        if (!sentNow.equals(sent) && more.size() < MAX_ALSO && !more.contains(line)) {
            more.add(line);
        }
        return new Failure(
                rule,
                check,
                message,
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
