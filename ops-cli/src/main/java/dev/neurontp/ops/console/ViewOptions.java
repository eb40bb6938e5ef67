package dev.neurontp.ops.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How what a command shows of pools and devices looks on stdout. */
public final class ViewOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            completionCandidates = Formats.class,
            converter = FormatText.class,
            description = "The format of stdout: table, wide (a table with more columns), json (one object per line),"
                    + " yaml (one document each) or name (like pool/ID). Default: table.")
    Format format = Format.TABLE;

    @Option(names = "--no-trunc", description = "Cut and wrap nothing, however narrow the terminal is.")
    boolean whole;

    public Format format() {
        return format;
    }

    /** Refuses {@code -q}, which prints ids alone, together with a format that shows more. */
    public void requireNot(boolean quiet) {
        if (format != Format.TABLE && format != Format.NAME) {
            OutputOptions.requireNot(quiet, format.name().toLowerCase(Locale.ROOT));
        }
    }

    /** The width that tables have to fit into. */
    public int columns(Screen screen) {
        return whole ? Screen.UNBOUNDED : screen.columns();
    }

    /** How data looks. */
    public enum Format {
        TABLE,
        WIDE,
        JSON,
        YAML,
        NAME;

        /** Whether it is for a person. */
        public boolean isTable() {
            return this == TABLE || this == WIDE;
        }
    }

    /** For the shell's completion. */
    public static final class Formats extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Formats() {
            super(List.of("table", "wide", "json", "yaml", "name"));
        }
    }

    /** Reads a format, in lower case. */
    public static final class FormatText implements picocli.CommandLine.ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            return switch (value) {
                case "table" -> Format.TABLE;
                case "wide" -> Format.WIDE;
                case "json" -> Format.JSON;
                case "yaml" -> Format.YAML;
                case "name" -> Format.NAME;
                default ->
                    throw new picocli.CommandLine.TypeConversionException(
                            "'" + value + "' is no format: it must be table, wide, json, yaml or name");
            };
        }
    }
}
