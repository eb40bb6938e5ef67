package dev.neurontp.conformance;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.check.Failure;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Failures that are expected: a rule id, a blank and a part of the message on each line; # begins a remark. */
public final class KnownFailures {

    /** One of them. */
    public record Entry(String rule, String part) {
        boolean matches(Failure failure) {
            return failure.rule().equals(rule) && failure.message().contains(part);
        }

        @Override
        public String toString() {
            return rule + " " + part;
        }
    }

    private final List<Entry> entries;

    private KnownFailures(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** None. */
    public static KnownFailures none() {
        return new KnownFailures(List.of());
    }

    /**
     * Reads a file.
     *
     * @throws UsageException if it cannot be read or a line names no rule
     */
    public static KnownFailures read(Path file, java.util.function.Predicate<String> isRule) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("--known-failures: there is no file " + file);
        } catch (MalformedInputException e) {
            throw new UsageException("--known-failures: " + file + " is no text in UTF-8");
        } catch (IOException e) {
            throw new UsageException("--known-failures: cannot read " + file + ": " + e.getMessage());
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            if (!isRule.test(parts[0])) {
                throw new UsageException(file + ", line " + (i + 1) + ": no rule that is judged is called '" + parts[0]
                        + "'; write a rule id, a blank and a part of the message");
            }
            entries.add(new Entry(parts[0], parts.length > 1 ? parts[1] : ""));
        }
        return new KnownFailures(entries);
    }

    /** Whether this failure is expected. */
    public boolean expects(Failure failure) {
        return entries.stream().anyMatch(entry -> entry.matches(failure));
    }

    /** The entries that no failure matches although their rule was judged to the end. */
    public List<Entry> stale(List<Failure> failures, java.util.function.Predicate<String> judgedToTheEnd) {
        return entries.stream()
                .filter(entry -> judgedToTheEnd.test(entry.rule()))
                .filter(entry -> failures.stream().noneMatch(entry::matches))
                .toList();
    }

    /** These failures as the text of such a file. */
    public static String write(List<Failure> failures) {
        return "# Failures that are expected: a rule id, a blank and a part of the message on each line.\n"
                + failures.stream()
                        .map(failure -> failure.rule() + " "
                                + failure.message().lines().findFirst().orElse(""))
                        .distinct()
                        .collect(Collectors.joining("\n"))
                + "\n";
    }
}
