package dev.neurontp.harness.validate;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;

/** What every two ranks reached with each other: GB/s in one direction, or microseconds where no hardware was behind it. */
public record PairMatrix(
        int ranks, boolean simulated, Phase phase, long bytes, SortedMap<String, Double> seconds, Set<String> slow) {
    private static final double GIGA = 1e9;
    private static final double MICRO = 1e6;

    /**
     * Of the largest size of a run.
     *
     * @param phase of pairs, or of copies between GPUs
     */
    public static PairMatrix of(ValidationReport report, Phase phase) {
        List<CaseResult> pairs = report.results().stream()
                .filter(result -> result.of().phase() == phase
                        && result.of().request().isPresent()
                        && !result.ranks().isEmpty())
                .toList();
        long large =
                pairs.stream().mapToLong(result -> result.of().bytes()).max().orElse(0);
        PairVerdict verdict = new PairVerdict(
                pairs.stream().filter(result -> result.of().bytes() == large).toList(),
                report.ranks(),
                report.simulated());
        return new PairMatrix(
                report.ranks().size(),
                report.simulated(),
                phase,
                large,
                verdict.seconds(),
                verdict.slow().keySet());
    }

    public boolean isEmpty() {
        return seconds.isEmpty();
    }

    /** What the numbers are, with the size. */
    public String unit() {
        String size = ByteSize.format(bytes);
        return simulated
                ? "us for " + size + " each way (SIMULATED)"
                : phase == Phase.PEERS
                        ? "GB/s of a copy in one direction, the slower one, " + size
                        : "GB/s in one direction while both send, " + size;
    }

    /** Of the pair, in either order; empty for a rank with itself and for what was not measured. */
    public OptionalDouble value(int one, int other) {
        Double time = seconds.get(Math.min(one, other) + "-" + Math.max(one, other));
        if (time == null) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(simulated ? time * MICRO : bytes / GIGA / time);
    }

    public boolean isSlow(int one, int other) {
        return slow.contains(Math.min(one, other) + "-" + Math.max(one, other));
    }

    /** The largest value, for the scale of a plot. */
    public double most() {
        return seconds.values().stream()
                .mapToDouble(time -> simulated ? time * MICRO : bytes / GIGA / time)
                .max()
                .orElse(0);
    }
}
