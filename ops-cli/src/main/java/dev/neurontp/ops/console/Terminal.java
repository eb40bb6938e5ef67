package dev.neurontp.ops.console;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a person sees: data on stdout, messages on stderr, colours on a terminal only and never with NO_COLOR.
 *
 * @param out for data
 * @param err for messages
 * @param live whether stdout is a terminal, so that a line may be written over
 * @param colours whether stdout takes colours
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean live, boolean colours) {
    /** Set by the launcher, which knows what Java cannot ask: {@code true} when stdout is a terminal. */
    private static final String STDOUT_IS_TERMINAL = "tpctl.stdout.terminal";

    public Terminal {
        requireNonNull(out, "out is null");
        requireNonNull(err, "err is null");
    }

    /** The terminal of this process. */
    public static Terminal ofProcess(PrintWriter out, PrintWriter err, Map<String, String> environment) {
        boolean live = Boolean.getBoolean(STDOUT_IS_TERMINAL)
                && !environment.getOrDefault("TERM", "").equals("dumb");
        // https://no-color.org: set and not empty, whatever its value.
        boolean colours = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(out, err, live, colours);
    }

    public String green(String text) {
        return styled("32", text);
    }

    public String red(String text) {
        return styled("31", text);
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String faint(String text) {
        return styled("2", text);
    }

    private String styled(String style, String text) {
        return colours ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }

    /** An empty screen; nothing where stdout is no terminal. */
    public void clear() {
        if (live) {
            out.print("\u001b[H\u001b[2J");
            out.flush();
        }
    }

    /** A line that the next output replaces; nothing where stdout is no terminal. */
    public void passing(String text) {
        if (live) {
            out.print("\r\u001b[K" + text);
            out.flush();
        }
    }

    /** A line that stays. */
    public void line(String text) {
        out.println((live ? "\r\u001b[K" : "") + text);
        out.flush();
    }
}
