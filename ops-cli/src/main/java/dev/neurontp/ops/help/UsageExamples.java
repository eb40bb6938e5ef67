package dev.neurontp.ops.help;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The examples of a command for its manual page, from {@code examples.txt} beside this class. */
record UsageExamples(List<Example> examples) {
    private static final String INDENT = "  ";

    UsageExamples {
        examples = List.copyOf(examples);
    }

    /** A command line, and what it does; empty where the line says it. */
    record Example(String line, String meaning) {}

    /** Those of the command with that name, like {@code tpctl bench ping}; none where it has none. */
    static UsageExamples of(String command) {
        List<Example> examples = new ArrayList<>();
        String section = "";
        for (String line : lines()) {
            if (line.startsWith("[")) {
                section = line.substring(1, line.length() - 1);
            } else if (section.equals(command) && line.startsWith(INDENT)) {
                examples.add(new Example(examples.removeLast().line(), line.strip()));
            } else if (section.equals(command) && !line.isEmpty()) {
                examples.add(new Example(line, ""));
            }
        }
        return new UsageExamples(examples);
    }

    private static List<String> lines() {
        try (BufferedReader file = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(UsageExamples.class.getResourceAsStream("examples.txt"), "no examples.txt"),
                StandardCharsets.UTF_8))) {
            return file.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
