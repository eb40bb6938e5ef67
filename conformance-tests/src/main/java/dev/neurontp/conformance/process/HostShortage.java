package dev.neurontp.conformance.process;

import java.io.IOException;
import java.util.regex.Pattern;

/** The host gives this process no descriptor, process or memory for a start: nobody's worker is at fault. */
public final class HostShortage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** EAGAIN, ENOMEM, ENFILE, EMFILE by their numbers or the C library's words; or the JDK's own helper, which finds its libraries no more. */
    private static final Pattern WORDS =
            Pattern.compile("\\berror[=:] ?(?:11|12|23|24)\\b|spawn helper: .*exit code: 127\\b"
                    + "|Too many open files|Cannot allocate memory|Resource temporarily unavailable");

    private HostShortage(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Returns where this failure of a start is of another kind.
     *
     * @throws HostShortage where it is that the host lacks something
     */
    static void requireNoneIn(IOException failure) {
        String reason = reasonOf(failure);
        if (WORDS.matcher(reason).find()) {
            throw new HostShortage("the host gave it nothing to start a process with: " + reason, failure);
        }
    }

    /** The JDK puts the name of the program before the reason, which is any text, and advice for its own developers behind it. */
    private static String reasonOf(IOException failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return line.substring(line.lastIndexOf('"') + 1).replaceFirst("^\\)?: ", "");
    }
}
