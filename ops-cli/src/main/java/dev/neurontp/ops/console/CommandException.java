package dev.neurontp.ops.console;

import static java.util.Objects.requireNonNull;

import dev.neurontp.worker.os.ExitCode;
import java.util.List;

/** Ends a command with a message: what is wrong, and what to do next. */
public class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String next;

    /**
     * @param exitCode one of {@link ExitCode}
     * @param message what is wrong, with the value that was seen
     * @param next what to do now, possibly several lines
     */
    public CommandException(int exitCode, String message, String next) {
        super(requireNonNull(message, "message is null"));
        this.exitCode = exitCode;
        this.next = requireNonNull(next, "next is null");
    }

    /** The same with a cause. */
    public CommandException(int exitCode, String message, String next, Throwable cause) {
        super(requireNonNull(message, "message is null"), cause);
        this.exitCode = exitCode;
        this.next = requireNonNull(next, "next is null");
    }

    /** The exit code where some of a command has failed and the rest was shown: that of the first failure. */
    public static int exitCode(List<CommandException> failures) {
        return failures.isEmpty() ? ExitCode.OK : failures.getFirst().exitCode();
    }

    public int exitCode() {
        return exitCode;
    }

    public String next() {
        return next;
    }
}
