package dev.neurontp.harness.validate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All thresholds of a run. Each holds for one collective and one size. */
public final class Bars {
    public static final String OPTION = "--min-busbw";

    /**
     * One that an option gives.
     *
     * @param bytes empty for the largest size that is measured
     */
    private record Explicit(Collective collective, Optional<Long> bytes, double least) {}

    private final List<Explicit> explicit = new ArrayList<>();
    private Optional<Baseline> baseline = Optional.empty();
    private boolean strict;

    /**
     * Adds one from {@code [COLLECTIVE[@SIZE]=]GBS}.
     *
     * @param only what is meant without a name
     * @throws IllegalArgumentException with the value and the rule
     */
    public void add(String text, Collective only) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? only.label() : text.substring(0, equals);
        int at = name.indexOf('@');
        String label = at < 0 ? name : name.substring(0, at);
        Optional<Long> bytes = at < 0 ? Optional.empty() : Optional.of(ByteSize.parse(name.substring(at + 1)));
        Collective collective = Collective.named(label)
                .orElseThrow(() -> new IllegalArgumentException(
                        OPTION + ": '" + label + "' is no collective: it must be one of " + Selection.collectives()));
        explicit.add(new Explicit(collective, bytes, number(text.substring(equals + 1))));
    }

    private static double number(String text) {
        try {
            double number = Double.parseDouble(text);
            if (number > 0 && number < 1e9) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(OPTION + ": '" + text + "' is no number of GB/s", e);
        }
        throw new IllegalArgumentException(OPTION + ": " + text + " is out of range: it must be more than 0 GB/s");
    }

    public void baseline(Baseline file) {
        baseline = Optional.of(file);
    }

    public void strict() {
        strict = true;
    }

    /** Whether warnings count as failures. */
    public boolean isStrict() {
        return strict;
    }

    /** Whether there is one, which a simulated run has no use for. */
    public boolean isEmpty() {
        return explicit.isEmpty() && baseline.isEmpty();
    }

    /** Compares with none any more. */
    void dropBaseline() {
        baseline = Optional.empty();
    }

    Optional<Baseline> baseline() {
        return baseline;
    }

    /**
     * The one for a case: of several the highest, since all of them hold.
     *
     * @param largest whether it is the largest size of its collective
     */
    public Optional<Bar> of(Case measured, boolean largest) {
        Stream<Bar> given = explicit.stream()
                .filter(one -> one.bytes.map(bytes -> bytes == measured.bytes()).orElse(largest)
                        && measured.collective().equals(one.collective.label()))
                .map(one -> new Bar(one.least, OPTION));
        Stream<Bar> before = baseline.flatMap(file -> file.bar(measured)).stream();
        return Stream.concat(given, before).max(Comparator.comparingDouble(Bar::least));
    }

    /** How many cases of a run the baseline has no threshold for, where it is not all of them: they pass by themselves. */
    Optional<CaseResult> coverage(List<Case> measured) {
        long without = measured.stream()
                .filter(of -> baseline.flatMap(file -> file.bar(of)).isEmpty())
                .count();
        if (baseline.isEmpty() || without == 0) {
            return Optional.empty();
        }
        boolean none = without == measured.size();
        return Optional.of(CaseResult.without(
                Case.step(Phase.BANDWIDTH, "baseline"),
                none ? Status.FAIL : Status.WARN,
                baseline.get().name() + " has a threshold for " + (measured.size() - without) + " of the "
                        + measured.size()
                        + " cases that are measured: the same collectives, types, operators, roots and"
                        + " sizes are compared",
                List.of()));
    }

    /** Those of the options that no case of the run has met, in words: a bar that is not used would be a silent pass. */
    public List<String> unused(List<Case> measured) {
        return explicit.stream()
                .filter(one -> measured.stream()
                        .noneMatch(of -> of.collective().equals(one.collective.label())
                                && one.bytes.map(bytes -> bytes == of.bytes()).orElse(true)))
                .map(one -> OPTION + " " + one.collective.label()
                        + one.bytes.map(bytes -> "@" + ByteSize.format(bytes)).orElse("")
                        + ": this size is not measured")
                .toList();
    }
}
