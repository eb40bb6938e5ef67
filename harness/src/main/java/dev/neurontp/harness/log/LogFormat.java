package dev.neurontp.harness.log;

/** How a record is written. */
public enum LogFormat {
    /** {@link #JOURNAL} where stderr is systemd's journal, else {@link #TEXT}. */
    AUTO("auto"),
    /** One line for a person: instant, level, logger, message; the lines of a stack trace behind it. */
    TEXT("text"),
    /** One JSON object a line: {@code time}, {@code level}, {@code logger}, {@code message}, and {@code error} with a stack trace. */
    JSON("json"),
    /** As text, but with a priority (sd-daemon(3)) and without the instant: the journal writes its own. */
    JOURNAL("journal");

    private final String label;

    LogFormat(String label) {
        this.label = label;
    }

    /** As it stands in a setting. */
    public String label() {
        return label;
    }
}
