package dev.neurontp.conformance.process;

import java.util.regex.Pattern;

/**
 * Text as the judge prints it for people, whoever said it. What drives a terminal is spelled out, and so is what the runners of GitHub,
 * Azure Pipelines and TeamCity obey in a log: {@code ::error::} where a line begins, {@code ##[error]}, {@code ##vso[...]} and
 * {@code ##teamcity[...]} anywhere. Any thread.
 */
public final class LogText {

    /** Behind all that a runner may take for blank, or not see at all. */
    private static final Pattern FIRST = Pattern.compile("(?m)^([\\s\\p{Z}\\p{C}\\p{M}]*):(?=\\p{M}*:)");
    /** Marks between the letters are ignored by some that compare. */
    private static final Pattern ANYWHERE = Pattern.compile("(#\\p{M}*)#(?=[\\p{L}\\p{M}]*\\[)");

    private LogText() {}

    /** The text, of one line or several, without the last line's end. */
    public static String of(String text) {
        String seen = Printable.lines(text);
        return seen.indexOf(':') < 0 && seen.indexOf('#') < 0
                ? seen
                : ANYWHERE.matcher(FIRST.matcher(seen).replaceAll("$1<U+003A>")).replaceAll("$1<U+0023>");
    }
}
