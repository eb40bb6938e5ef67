package dev.neurontp.conformance;

import java.time.Duration;
import java.util.stream.Collectors;

/** The command line that runs a part of a run again, ready to paste into a shell. */
public final class RerunLine {

    private RerunLine() {}

    /** The line that runs only what these patterns name, with the same seed. */
    public static String of(RunOptions options, String... patterns) {
        StringBuilder line = new StringBuilder(options.rerunPrefix());
        for (String pattern : patterns) {
            line.append(" --only ").append(quote(pattern));
        }
        line.append(" --seed ").append(options.seed());
        if (options.tries() != RunOptions.DEFAULT_TRIES) {
            line.append(" --tries ").append(options.tries());
        }
        options.stage().ifPresent(stage -> line.append(" --stage ").append(stage.id()));
        if (!options.timeout().equals(Duration.ofSeconds(10))) {
            line.append(" --timeout ").append(options.timeout().toMillis()).append("ms");
        }
        if (!options.startTimeout().equals(RunOptions.DEFAULT_START_TIMEOUT)) {
            line.append(" --start-timeout ")
                    .append(options.startTimeout().toMillis())
                    .append("ms");
        }
        if (!options.idle().equals(RunOptions.DEFAULT_IDLE)) {
            line.append(" --idle ").append(options.idle().toMillis()).append("ms");
        }
        if (options.strict()) {
            line.append(" --strict");
        }
        return line + " -- " + command(options);
    }

    /** The worker's command, quoted for a shell. */
    public static String command(RunOptions options) {
        return options.command().stream().map(RerunLine::quote).collect(Collectors.joining(" "));
    }

    private static String quote(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
