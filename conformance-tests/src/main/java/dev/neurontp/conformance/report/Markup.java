package dev.neurontp.conformance.report;

/** Text made safe for XML, HTML and Markdown tables. */
final class Markup {

    private static final String ACTIVE = "\\`*_{}[]()#+-.!|~^:/@$=";

    private Markup() {}

    /** For XML and HTML; characters that XML has no place for become their code. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> {
                    boolean allowed = c == '\n'
                            || c == '\t'
                            || (c >= 0x20 && c < 0xd800)
                            || (c >= 0xe000 && c < 0xfffe)
                            || c >= 0x10000;
                    out.append(allowed ? Character.toString(c) : String.format("&lt;U+%04X&gt;", c));
                }
            }
        });
        return out.toString();
    }

    /**
     * For Markdown: every character that could begin a link, an image, a mention, emphasis or the end of a table's cell is
     * written as its code, which no renderer takes for markup.
     */
    static String markdown(String text) {
        StringBuilder out = new StringBuilder();
        // The one code that escape writes with a character that is written as its code here.
        escape(text).replace("&#39;", "'").chars().forEach(c -> {
            if (ACTIVE.indexOf(c) >= 0) {
                out.append("&#").append(c).append(';');
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    /** For a cell of a Markdown table. */
    static String cell(String text) {
        return markdown(text).replace("\n", "<br>");
    }
}
