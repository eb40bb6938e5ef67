package dev.neurontp.ops.pool;

import java.util.List;

/**
 * The sums of a number of rounds. The times are {@code null} where no round was answered.
 *
 * @param p99Ms the smallest of the times that at least 99 of 100 do not exceed (nearest rank)
 */
record PingStatistics(
        int rounds, int answered, double lossPercent, Double minMs, Double avgMs, Double p99Ms, Double maxMs) {
    static PingStatistics of(int rounds, List<Double> times) {
        int answered = times.size();
        double loss = rounds == 0 ? 0 : 100.0 * (rounds - answered) / rounds;
        if (answered == 0) {
            return new PingStatistics(rounds, 0, loss, null, null, null, null);
        }
        List<Double> sorted = times.stream().sorted().toList();
        double sum = sorted.stream().mapToDouble(Double::doubleValue).sum();
        // In whole numbers: 0.99 * 100 is not 99 in binary.
        int p99 = Math.ceilDiv(99 * answered, 100);
        return new PingStatistics(
                rounds, answered, loss, sorted.getFirst(), sum / answered, sorted.get(p99 - 1), sorted.getLast());
    }
}
