package dev.neurontp.conformance;

import dev.neurontp.conformance.RunOptions.UsageException;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.CheckResult;
import dev.neurontp.conformance.check.Count;
import dev.neurontp.conformance.check.Failure;
import dev.neurontp.conformance.check.RunLog;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.BoundedAccess;
import dev.neurontp.conformance.process.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Failures that are expected: a rule, a check and an example on each line; {@code #} begins a remark. What fails in the same check
 * with another example is new. Such a line behind {@code flaky} may pass and may fail.
 */
public final class KnownFailures implements RunLog.Known {

    /** For what is no regular file: whoever writes it may ask a person first. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final String FLAKY = "flaky";

    /**
     * One of them.
     *
     * @param check empty for all of the rule
     * @param example empty for all of the check
     * @param lineClass what is particular about the example's line: a random line of the same class is expected too. Empty where
     *     there is none
     * @param flaky whether it may pass as well
     */
    public record Entry(String rule, String check, String example, String lineClass, boolean flaky) {

        boolean names(String otherRule, String otherCheck, String otherExample) {
            return rule.equals(otherRule)
                    && (check.isEmpty() || check.equals(otherCheck))
                    && (example.isEmpty() || named(example).equals(named(otherExample)));
        }

        /** What random lines show is what fixed ones do. */
        private static String named(String example) {
            return (example.startsWith(RunLog.RANDOM) ? example.substring(RunLog.RANDOM.length()) : example).strip();
        }

        private boolean isRandom() {
            return (example + " ").startsWith(RunLog.RANDOM);
        }

        boolean expects(String otherRule, String otherCheck, String otherExample, String otherClass) {
            boolean sameClass = otherExample.startsWith(RunLog.RANDOM)
                    && rule.equals(otherRule)
                    && !lineClass.isEmpty()
                    && lineClass.equals(otherClass);
            return sameClass || names(otherRule, otherCheck, otherExample);
        }

        boolean isSeenIn(Failure failure) {
            return failure.examples().stream()
                    .anyMatch(one -> expects(failure.rule(), failure.check(), one, failure.lineClass()));
        }

        /** As it stands in a file. */
        private String line() {
            return String.join(" ", flaky ? FLAKY : "", rule, check, example).strip();
        }

        @Override
        public String toString() {
            return Printable.lines(String.join(" ", rule, check, example).strip());
        }
    }

    /** An entry that may pass and may fail, and how often it was seen to fail in this run. */
    public record Flaky(Entry entry, int failed) {
        /** What it did in this run. */
        public String words() {
            return failed == 0
                    ? "it did not fail in this run"
                    : "it failed in this run, seen " + Count.of(failed, "time", "times");
        }
    }

    private static final int MOST_BYTES = 4 << 20;

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
     * @throws UsageException if it cannot be read or a line names no rule or no check
     */
    static KnownFailures read(Path file, Contract contract, List<Check> checks) {
        List<String> lines;
        try {
            lines = lines(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("--known-failures: there is no file " + file);
        } catch (CharacterCodingException e) {
            throw new UsageException("--known-failures: " + file + " is no text in UTF-8");
        } catch (IOException e) {
            throw new UsageException("--known-failures: cannot read " + file + ": " + e.getMessage());
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, file + ", line " + (i + 1), contract, checks));
            }
        }
        return new KnownFailures(entries);
    }

    private static List<String> lines(Path file) throws IOException {
        return BoundedAccess.within(BOUND, "writes", () -> linesOf(file));
    }

    private static List<String> linesOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("it is longer than " + (MOST_BYTES >> 20) + " MiB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .lines()
                    .toList();
        }
    }

    private static Entry entry(String line, String place, Contract contract, List<Check> checks) {
        boolean flaky = line.startsWith(FLAKY + " ");
        String[] parts = (flaky ? line.substring(FLAKY.length()).strip() : line).split("\\s+", 3);
        String rule = parts[0];
        if (!contract.hasRule(rule) || !contract.rule(rule).isJudged()) {
            throw new UsageException(place + ": no rule that is judged is called '" + shown(rule)
                    + "'; write a rule id, a check's id and an example, as --write-known-failures does");
        }
        String check = parts.length > 1 ? parts[1] : "";
        boolean there = check.isEmpty()
                || check.equals(rule + RunLog.ALWAYS)
                || checks.stream()
                        .anyMatch(one -> one.id().equals(check) && one.rule().equals(rule));
        if (!there) {
            throw new UsageException(place + ": no check of " + rule + " is called '" + shown(check)
                    + "': see 'tpctl conformance explain " + rule + "'");
        }
        String example = parts.length > 2 ? parts[2] : "";
        return new Entry(rule, check, example, lineClass(check, example, checks), flaky);
    }

    /** Of a line that may have the length of the whole file. */
    private static String shown(String word) {
        return Printable.words(word.getBytes(StandardCharsets.UTF_8));
    }

    private static String lineClass(String check, String example, List<Check> checks) {
        return checks.stream()
                .filter(one -> one.id().equals(check) && one instanceof Check.Examples)
                .map(one -> ((Check.Examples) one).lineClass(example))
                .findFirst()
                .orElse("");
    }

    private static String line(Failure failure, String example) {
        return failure.rule() + " " + failure.check() + " " + example;
    }

    /** Whether this may fail. */
    @Override
    public boolean expects(String rule, String check, String example, String lineClass) {
        return entries.stream().anyMatch(entry -> entry.expects(rule, check, example, lineClass));
    }

    /**
     * The entries that passed: their check was made to its end, and the same example did not fail. What a random check found
     * may well not be drawn again, and is never stale.
     *
     * @param judgedToTheEnd whether all that may come upon a failure of this rule was made
     */
    List<Entry> stale(List<Failure> failures, List<CheckResult> results, Predicate<String> judgedToTheEnd) {
        return entries.stream()
                .filter(entry -> !entry.flaky() && !entry.isRandom())
                .filter(entry -> failures.stream().noneMatch(entry::isSeenIn))
                .filter(entry -> isJudged(entry, results, judgedToTheEnd))
                .toList();
    }

    private static boolean isJudged(Entry entry, List<CheckResult> results, Predicate<String> judgedToTheEnd) {
        if (entry.check().isEmpty() || entry.check().endsWith(RunLog.ALWAYS)) {
            return judgedToTheEnd.test(entry.rule());
        }
        return results.stream().anyMatch(result -> result.id().equals(entry.check()) && result.isComplete());
    }

    /** The entries that may pass and may fail, with how often each was seen. */
    List<Flaky> flaky(List<Failure> failures) {
        return entries.stream()
                .filter(Entry::flaky)
                .map(entry -> new Flaky(
                        entry,
                        failures.stream()
                                .filter(entry::isSeenIn)
                                .mapToInt(Failure::times)
                                .sum()))
                .toList();
    }

    /** What fails a run, or was expected to, as the text of such a file; the entries that may pass and may fail stay as they are. */
    public static String write(RunReport report) {
        List<Failure> failures = report.findings().stream()
                .filter(finding -> finding.counts() != Verdict.WARNED)
                .map(RunReport.Finding::failure)
                .toList();
        return write(failures, report.flaky().stream().map(Flaky::entry).toList());
    }

    /** These failures as the text of such a file: the same for every seed, as far as fixed examples show a failure at all. */
    public static String write(List<Failure> failures) {
        return write(failures, List.of());
    }

    private static String write(List<Failure> failures, List<Entry> flaky) {
        Set<String> fixed = failures.stream()
                .filter(failure -> !failure.random() && !failure.lineClass().isEmpty())
                .map(failure -> failure.rule() + failure.lineClass())
                .collect(Collectors.toSet());
        Set<String> lines = new TreeSet<>();
        for (Failure failure : failures) {
            if (!failure.random() || !fixed.contains(failure.rule() + failure.lineClass())) {
                failure.examples().stream()
                        .filter(example -> flaky.stream()
                                .noneMatch(entry ->
                                        entry.expects(failure.rule(), failure.check(), example, failure.lineClass())))
                        .forEach(example -> lines.add(line(failure, example)));
            }
        }
        for (Failure failure : failures) {
            failure.examples().forEach(example -> lines.remove(line(failure, RunLog.RANDOM + example)));
        }
        flaky.forEach(entry -> lines.add(entry.line()));
        return "# Failures that are expected: a rule, a check and an example on each line. Another example of the same check is new.\n"
                + "# Put 'flaky' before a line that may pass and may fail.\n"
                + String.join("\n", lines)
                + "\n";
    }
}
