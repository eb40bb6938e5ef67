package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;

class PingStatisticsProperties {
    @Property
    void theSumsStandInOrderAndAreOfTheTimes(@ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1e6) Double> times) {
        PingStatistics summary = PingStatistics.of(times.size(), 0, times);
        assertThat(summary.minMs()).isEqualTo(Collections.min(times));
        assertThat(summary.maxMs()).isEqualTo(Collections.max(times));
        assertThat(summary.avgMs()).isBetween(summary.minMs() - 1e-6, summary.maxMs() + 1e-6);
        assertThat(times).contains(summary.p99Ms());
        assertThat(summary.lossPercent()).isZero();
    }

    @Property
    void atLeast99Of100DoNotExceedThe99thPercentileAndNoSmallerTimeDoes(
            @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 100) Double> times) {
        double p99 = PingStatistics.of(times.size(), 0, times).p99Ms();
        assertThat(times.stream().filter(time -> time <= p99).count() * 100).isGreaterThanOrEqualTo(99L * times.size());
        assertThat(times.stream().filter(time -> time < p99).count() * 100).isLessThan(99L * times.size());
    }

    @Property
    void theLossIsWhatWasPingedAndNotAnswered(
            @ForAll @IntRange(max = 50) int answered,
            @ForAll @IntRange(max = 50) int lost,
            @ForAll @IntRange(max = 50) int busy) {
        PingStatistics summary = PingStatistics.of(answered + lost + busy, busy, Collections.nCopies(answered, 1.0));
        double expected = answered + lost == 0 ? 0 : 100.0 * lost / (answered + lost);
        assertThat(summary.lossPercent()).isCloseTo(expected, within(1e-9));
    }

    @Example
    void of100TimesItIsThe99th() {
        List<Double> times =
                IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList();
        assertThat(PingStatistics.of(100, 0, times).p99Ms()).isEqualTo(99.0);
    }

    @Example
    void withoutAnAnswerThereAreNoTimes() {
        PingStatistics summary = PingStatistics.of(3, 0, List.of());
        assertThat(summary.lossPercent()).isEqualTo(100);
        assertThat(summary.minMs()).isNull();
    }
}
