package dev.neurontp.ops.client;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Why a command ended, on stderr: two lines for a person, or with {@code -o json} one object, which has a type for programs. */
public final class ErrorOutput {
    /** Of what is wrong, in characters: the failure of a pool has the most. */
    private static final int LONGEST_MESSAGE = 128 * 1024;

    /** Of what to do next, in characters. */
    private static final int LONGEST_NEXT = 8 * 1024;

    /** The option may stand behind others of one letter. */
    private static final Pattern JSON = Pattern.compile("-[A-Za-z]*o=?json|--output=json");

    private final PrintWriter err;
    private final boolean json;

    /**
     * On {@code err}.
     *
     * @param arguments the whole command line: it may be one that could not be understood
     */
    public ErrorOutput(PrintWriter err, String... arguments) {
        this(err, asksForJson(arguments));
    }

    /** On {@code err}. */
    public ErrorOutput(PrintWriter err, boolean json) {
        this.err = err;
        this.json = json;
    }

    private static boolean asksForJson(String... arguments) {
        String before = "";
        for (String argument : Arrays.asList(arguments)) {
            if (argument.equals("--")) {
                return false;
            }
            if (JSON.matcher(argument).matches()
                    || JSON.matcher(before + "=" + argument).matches()) {
                return true;
            }
            before = argument;
        }
        return false;
    }

    /** The end of {@code command}. */
    public void print(String command, CommandException e) {
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("type", type(e));
            error.put("command", command);
            error.put("message", message(e));
            error.put("next", next(e));
            error.put("exit_code", e.exitCode());
            err.println(ApiJson.text(Map.of("error", error)));
        } else {
            err.println(command + ": " + text(e));
        }
    }

    /** What is wrong, and below it what to do next: cleaned, and no longer than a person reads. */
    public static String text(CommandException e) {
        return e.next().isEmpty() ? message(e) : message(e) + "\n" + next(e);
    }

    private static String message(CommandException e) {
        return ForeignText.lines(e.getMessage(), LONGEST_MESSAGE);
    }

    private static String next(CommandException e) {
        return ForeignText.lines(e.next(), LONGEST_NEXT);
    }

    /** The daemon's type of error; where it is none of a daemon's, what the exit code says, as a word. */
    private static String type(CommandException e) {
        if (e.getCause() instanceof ApiErrorException refusal) {
            return refusal.error().type();
        }
        return switch (e.exitCode()) {
            case ExitCode.FAILED -> "failed";
            case ExitCode.USAGE -> "usage";
            case ExitCode.TIMED_OUT -> "timed_out";
            default -> "could_not_run";
        };
    }
}
