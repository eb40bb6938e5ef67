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

    private static final String CUT = "…";
    private static final char REPLACEMENT = '?';

    private ForeignText() {}

    /**
     * One line of at most {@code limit} characters, and {@code …} where more was there. A line feed becomes {@code \n}, a tab
     * a blank; control characters, invisible format characters (with them those that change the direction of text), separators
     * of lines and paragraphs, and lone surrogates become {@code ?}. Null is empty.
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
        if (text == null) {
            return "";
        }
        if (text.length() <= limit && isClean(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), limit) + CUT.length());
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int kept = clean.length();
            at += Character.charCount(c);
            boolean lineEnd = c == '\r' && at < text.length() && text.charAt(at) == '\n';
            if (c == '\n') {
                clean.append(lineFeed);
            } else if (!lineEnd) {
                clean.appendCodePoint(c == '\t' ? ' ' : replaced(c) ? REPLACEMENT : c);
            }
            if (clean.length() > limit) {
                clean.setLength(kept);
                return clean.append(CUT).toString();
            }
        }
        return clean.toString();
    }

    private static boolean isClean(String text) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            if (replaced(text.codePointAt(at))) {
                return false;
            }
        }
        return true;
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
