package dev.neurontp.ops.console;

import static java.util.Objects.requireNonNull;

import dev.neurontp.worker.os.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Asks a person before something that cannot be undone. A script is not asked: where stdin or stderr is no terminal, nobody
 * could answer.
 *
 * @param screen where the question is shown, on stderr
 * @param answers where the answer comes from
 * @param asks whether a person can be asked
 */
public record Confirmation(Screen screen, InputStream answers, boolean asks) {
    private static final Set<String> YES = Set.of("y", "yes");

    /** Set by the launcher: {@code true} when stdin is a terminal. */
    private static final String STDIN_IS_TERMINAL = "tpctl.stdin.terminal";

    public Confirmation {
        requireNonNull(screen, "screen is null");
        requireNonNull(answers, "answers is null");
    }

    /** By the terminal of this process. */
    public static Confirmation ofProcess(Screen screen) {
        return new Confirmation(screen, System.in, screen.progress() && Boolean.getBoolean(STDIN_IS_TERMINAL));
    }

    /**
     * Returns when the person answers with yes, and at once where nobody can be asked.
     *
     * @param question without the choice of answers, like {@code End 2 pools?}
     * @throws CommandException for any other answer, and for none
     */
    public void require(String question) {
        if (!asks) {
            return;
        }
        screen.terminal().err().print(question + " [y/N] ");
        screen.terminal().err().flush();
        if (!YES.contains(answer().strip().toLowerCase(Locale.ROOT))) {
            throw new CommandException(
                    ExitCode.FAILED, "it was not confirmed, so nothing was done", "Answer y, or give --yes.");
        }
    }

    private String answer() {
        try {
            String line = new BufferedReader(new InputStreamReader(answers, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN, "the answer could not be read: " + e.getMessage(), "Give --yes.", e);
        }
    }
}
