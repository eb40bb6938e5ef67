package dev.neurontp.ops.console;

import dev.neurontp.worker.os.ExitCode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the data on stdout looks. */
public final class OutputOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            converter = FormatText.class,
            completionCandidates = Formats.class,
            description = "The format of stdout: table, or json (one object per line). Default: table.")
    Format format = Format.TABLE;

    public boolean json() {
        return format == Format.JSON;
    }

    /** Refuses {@code -q}, which prints ids alone, together with JSON. */
    public void requireNot(boolean quiet) {
        if (json()) {
            requireNot(quiet, "json");
        }
    }

    static void requireNot(boolean quiet, String format) {
        if (quiet) {
            throw new CommandException(
                    ExitCode.USAGE, "-q and -o " + format + " do not go together", "Give one of them.");
        }
    }

    /** How data looks. */
    public enum Format {
        TABLE,
        JSON
    }

    /** For the shell's completion. */
    public static final class Formats extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Formats() {
            super(List.of("table", "json"));
        }
    }

    /** Reads a format, in lower case. */
    public static final class FormatText implements picocli.CommandLine.ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "table" -> Format.TABLE;
                case "json" -> Format.JSON;
                default ->
                    throw new picocli.CommandLine.TypeConversionException(
                            "'" + value + "' is no format: it must be table or json");
            };
        }
    }
}
