package dev.neurontp.harness.validate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;

/**
 * The rates of one case, in GB/s (1e9 bytes), as nccl-tests defines them.
 *
 * @param algorithm size over time
 * @param bus the same, comparable with the hardware's rate whatever the number of ranks; 0 for a world of one, which has no bus
 */
public record Bandwidth(double algorithm, double bus) {
    private static final double GIGA = 1e9;

    /** Many times what the memory of any GPU moves in a second; a rate above it, or without an end, is a wrong time. */
    private static final double MOST = 100_000;

    /** A rate for a person: with one digit behind the point, and small ones with three that count. */
    public static String text(double rate) {
        return rate == 0 || rate >= 10
                ? String.format(Locale.ROOT, "%.1f", rate)
                : new BigDecimal(rate)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    public static Optional<Bandwidth> of(CaseResult result, int ranks) {
        if (result.seconds().isEmpty()) {
            return Optional.empty();
        }
        double algorithm = result.of().bytes() / GIGA / result.seconds().getAsDouble();
        double factor = Collective.named(result.of().collective())
                .map(collective -> collective.busFactor(ranks))
                .orElse(1.0);
        return Optional.of(new Bandwidth(algorithm, algorithm * factor));
    }

    /** Whether hardware can be so fast. */
    boolean isPossible() {
        return isPossible(algorithm);
    }

    static boolean isPossible(double rate) {
        return rate < MOST;
    }
}
