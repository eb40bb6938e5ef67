package dev.neurontp.ops.pool;

import java.util.List;

/**
 * The sums of a number of rounds. The times are {@code null} where no round was answered.
 *
 * @param busy in so many rounds the pool was busy with another operation and was not pinged, which is no loss
 * @param p99Ms the smallest of the times that at least 99 of 100 do not exceed (nearest rank)
 */
record PingStatistics(
        int rounds,
        int answered,
        int busy,
        double lossPercent,
        Double minMs,
        Double avgMs,
        Double p99Ms,
        Double maxMs) {
    static PingStatistics of(int rounds, int busy, List<Double> times) {
        int answered = times.size();
        int pinged = rounds - busy;
        double loss = pinged == 0 ? 0 : 100.0 * (pinged - answered) / pinged;
        if (answered == 0) {
            return new PingStatistics(rounds, 0, busy, loss, null, null, null, null);
        }
        List<Double> sorted = times.stream().sorted().toList();
        double sum = sorted.stream().mapToDouble(Double::doubleValue).sum();
        // In whole numbers: 0.99 * 100 is not 99 in binary.
        int p99 = Math.ceilDiv(99 * answered, 100);
        return new PingStatistics(
                rounds, answered, busy, loss, sorted.getFirst(), sum / answered, sorted.get(p99 - 1), sorted.getLast());
    }
}
