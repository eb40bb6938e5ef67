package dev.neurontp.conformance;

import dev.neurontp.conformance.process.Printable;
import dev.neurontp.conformance.process.Secrets;
import java.util.List;
import java.util.stream.Collectors;

/** The command line that runs a part of a run again, ready to paste into a shell. */
public final class RerunLine {

    private RerunLine() {}

    /** The line that runs only what these patterns name, with the same seed; without any, the whole run again. */
    public static String of(RunOptions options, String... patterns) {
        StringBuilder line = new StringBuilder(options.rerunPrefix());
        for (String pattern : patterns.length > 0 ? List.of(patterns) : options.only()) {
            line.append(" --only ").append(quote(pattern));
        }
        if (patterns.length == 0) {
            options.skip().forEach(pattern -> line.append(" --skip ").append(quote(pattern)));
        }
        line.append(" --seed ").append(options.seed());
        if (options.tries() != RunOptions.DEFAULT_TRIES) {
            line.append(" --tries ").append(options.tries());
        }
        if (!options.contractVersion().isEmpty()) {
            line.append(" --contract-version ").append(options.contractVersion());
        }
        options.stage().ifPresent(stage -> line.append(" --stage ").append(stage.id()));
        if (!options.timeout().equals(RunOptions.DEFAULT_TIMEOUT)) {
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
        if (patterns.length == 0 && !options.soak().isZero()) {
            line.append(" --soak ").append(options.soak().toMillis()).append("ms");
        }
        if (options.strict()) {
            line.append(" --strict");
        }
        if (options.launched()) {
            line.append(" --launched");
        }
        return line + " -- " + command(options);
    }

    /** The worker's command, quoted for a shell. What may be a secret is masked, since reports and the logs of CI leave this host. */
    public static String command(RunOptions options) {
        return Secrets.masked(options.command()).stream().map(RerunLine::quote).collect(Collectors.joining(" "));
    }

    /** A word, quoted for a shell where it has to be; what cannot be seen, by its escape as bash knows it. */
    public static String quote(String word) {
        if (word.codePoints().anyMatch(Printable::isUnseen)) {
            return "$'" + word.codePoints().mapToObj(RerunLine::escaped).collect(Collectors.joining()) + "'";
        }
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String escaped(int c) {
        return switch (c) {
            case '\'' -> "\\'";
            case '\\' -> "\\\\";
            default -> Printable.isUnseen(c) ? "\\U%08x".formatted(c) : Character.toString(c);
        };
    }
}
