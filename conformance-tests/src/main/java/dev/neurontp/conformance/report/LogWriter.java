package dev.neurontp.conformance.report;

import dev.neurontp.conformance.process.LogText;
import java.io.PrintWriter;

/** Prints for people, all of it as {@link LogText}: only the colours of words of our own reach a terminal as they are. */
public final class LogWriter {

    private final PrintWriter out;
    private final boolean colours;

    /** Prints to this, with colours or without. */
    public LogWriter(PrintWriter out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** A colour of a word. */
    enum Colour {
        RED("31;1"),
        GREEN("32;1"),
        YELLOW("33;1");

        private final String code;

        Colour(String code) {
            this.code = code;
        }
    }

    /** Prints a line, or several. */
    public void line(String text) {
        out.println(LogText.of(text));
    }

    /** The same, with a word in front that is no text of others. */
    void line(Colour colour, String word, String text) {
        String painted = colours ? "\u001b[" + colour.code + "m" + word + "\u001b[0m" : word;
        out.println(painted + "  " + LogText.of(text));
    }

    /** Sends what was printed on its way. */
    public void flush() {
        out.flush();
    }
}
