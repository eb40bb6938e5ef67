package dev.neurontp.harness.text;

/**
 * Text that another program wrote: a worker, nvidia-smi, a daemon that may be none of ours, a file. Every such text passes here
 * where it enters, so that nothing behind has to think of it: it gets a bound, and whatever could drive a terminal or break a
 * line is replaced. Stateless: any thread may call.
 */
public final class ForeignText {
    /** For a name or a word, in characters. */
    public static final int NAME = 100;

    /** For a message, in characters: the most that a worker's message should have (O10s). */
    public static final int MESSAGE = 4096;

    /** On one letter: any script needs fewer, and a stack of them is drawn over the lines around it. */
    private static final int MOST_MARKS = 8;

    private static final int FIRST_MARK = 0x300;
    private static final String CUT = "…";
    private static final char REPLACEMENT = '?';

    private ForeignText() {}

    /**
     * One line of at most {@code limit} characters, and {@code …} where more was there. A line feed becomes {@code \n}, a tab
     * a blank; control characters, invisible format characters (with them those that change the direction of text), separators
     * of lines and paragraphs, lone surrogates, and the ninth and further marks on one letter become {@code ?}; in a job of a CI its commands do,
     * too. Null is empty.
     */
    public static String of(String text, int limit) {
        return cleaned(text, limit, "\\n");
    }

    /** The same for text whose length is bounded already. */
    public static String of(String text) {
        return cleaned(text, Integer.MAX_VALUE, "\\n");
    }

    /** The same, but line feeds stay. */
    public static String lines(String text, int limit) {
        return cleaned(text, limit, "\n");
    }

    private static String cleaned(String text, int limit, String lineFeed) {
        String clean = withoutControls(text, limit, lineFeed);
        return CiCommands.ARE_OBEYED ? CiCommands.harmless(clean) : clean;
    }

    private static String withoutControls(String text, int limit, String lineFeed) {
        if (text == null) {
            return "";
        }
        if (text.length() <= limit && isClean(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), limit) + CUT.length());
        int at = 0;
        int marks = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            marks = isMark(c) ? marks + 1 : 0;
            int kept = clean.length();
            at += Character.charCount(c);
            boolean lineEnd = c == '\r' && at < text.length() && text.charAt(at) == '\n';
            if (c == '\n') {
                clean.append(lineFeed);
            } else if (!lineEnd) {
                clean.appendCodePoint(c == '\t' ? ' ' : replaced(c) || marks > MOST_MARKS ? REPLACEMENT : c);
            }
            if (clean.length() > limit) {
                clean.setLength(kept);
                return clean.append(CUT).toString();
            }
        }
        return clean.toString();
    }

    private static boolean isClean(String text) {
        int marks = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            marks = isMark(c) ? marks + 1 : 0;
            if (replaced(c) || marks > MOST_MARKS) {
                return false;
            }
        }
        return true;
    }

    /** One that takes no place of its own. */
    private static boolean isMark(int c) {
        int type = c < FIRST_MARK ? Character.UNASSIGNED : Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static boolean replaced(int c) {
        if (c >= ' ' && c < 0x7F) {
            return false;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
