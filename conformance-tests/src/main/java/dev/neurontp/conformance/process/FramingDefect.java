package dev.neurontp.conformance.process;

/** What is wrong with the form of a line that still can be read as a reply. */
public enum FramingDefect {
    /** A byte order mark before the object. */
    BOM("F1", "a byte order mark stands before the object"),
    /** A CR before the LF. */
    CR("F1", "the line ends in CR LF, not in LF alone"),
    /** A CR anywhere else. */
    CR_INSIDE("F1", "a CR stands in the line"),
    /** One object over several lines. */
    BROKEN_LINE("F1", "one object is spread over several lines"),
    /** Bytes that are not UTF-8. */
    NOT_UTF8("F1", "the line is not UTF-8"),
    /** An escape of half a surrogate pair, which no UTF-8 can carry. */
    HALF_CHARACTER("F1", "an escape gives half a character (\\uD800 to \\uDFFF)"),
    /** The stream ended before the LF. */
    NO_LF("F1", "the last line has no LF"),
    /** White space around or between the tokens. */
    WHITE_SPACE("F1s", "white space stands around or between the tokens"),
    /** A member name given twice. */
    DUPLICATE("O9", "a field is given twice");

    private final String rule;
    private final String words;

    FramingDefect(String rule, String words) {
        this.rule = rule;
        this.words = words;
    }

    /** The id of the rule that it breaks. */
    public String rule() {
        return rule;
    }

    /** What it is, for a person. */
    public String words() {
        return words;
    }
}
