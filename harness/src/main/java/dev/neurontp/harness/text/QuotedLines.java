package dev.neurontp.harness.text;

import java.util.List;

/** Some lines of what a program has printed, for a message: as one line, without what would steer a terminal. */
public final class QuotedLines {
    private static final int LINES = 3;

    private QuotedLines() {}

    /** The first that are not blank, in at most {@code limit} characters; empty when there is none. */
    public static String first(String text, int limit) {
        List<String> lines = lines(text);
        return quoted(lines.subList(0, Math.min(LINES, lines.size())), limit);
    }

    /** The last that are not blank, in at most {@code limit} characters; empty when there is none. */
    public static String last(String text, int limit) {
        List<String> lines = lines(text);
        return quoted(lines.subList(Math.max(0, lines.size() - LINES), lines.size()), limit);
    }

    private static String quoted(List<String> lines, int limit) {
        return ForeignText.of(String.join("; ", lines), limit);
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
