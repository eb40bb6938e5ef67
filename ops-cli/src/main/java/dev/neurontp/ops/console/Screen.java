package dev.neurontp.ops.console;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;

/**
 * A terminal and what it has room for.
 *
 * @param terminal stdout and stderr
 * @param columns how wide stdout is; {@link #UNBOUNDED} where it is no terminal
 * @param progress whether stderr is a terminal, so that a temporary line may be shown there
 */
public record Screen(Terminal terminal, int columns, boolean progress) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    private static final int USUAL = 80;
    private static final String COLUMNS = "tpctl.columns";
    private static final String STDERR_IS_TERMINAL = "tpctl.stderr.terminal";

    public Screen {
        requireNonNull(terminal, "terminal is null");
    }

    /** The screen of this process, as the launcher measured it. */
    public static Screen ofProcess(Terminal terminal) {
        int measured = Integer.getInteger(COLUMNS, 0);
        int columns = measured > 0 ? measured : USUAL;
        return new Screen(terminal, terminal.live() ? columns : UNBOUNDED, Boolean.getBoolean(STDERR_IS_TERMINAL));
    }

    public PrintWriter out() {
        return terminal.out();
    }

    /** Data: one line on stdout. */
    public void line(String text) {
        out().println(text);
    }

    /**
     * For a command that goes on until it is ended: returns where all that it printed could be written.
     *
     * @throws UnreadException else; why is told when the program ends
     */
    public void requireReader() {
        if (out().checkError()) {
            throw new UnreadException();
        }
    }

    /** A message: one line on stderr. */
    public void say(String text) {
        terminal.err().println(text);
    }
}
