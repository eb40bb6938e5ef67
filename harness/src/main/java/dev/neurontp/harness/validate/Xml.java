package dev.neurontp.harness.validate;

/** Text that XML and HTML have a place for. */
final class Xml {
    private static final char REPLACEMENT = '?';

    private Xml() {}

    /** The same text without the characters that XML 1.0 forbids. */
    static String characters(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> kept.appendCodePoint(
                        c == '\n' || c == '\t' || (c >= ' ' && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) || c > 0xFFFF
                                ? c
                                : REPLACEMENT));
        return kept.toString();
    }

    /** For HTML and for attributes in double quotes. */
    static String escape(String text) {
        return characters(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
