package dev.neurontp.ops.console;

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
    private Format format = Format.TABLE;

    public boolean json() {
        return format == Format.JSON;
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
