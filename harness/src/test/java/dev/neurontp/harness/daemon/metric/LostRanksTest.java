package dev.neurontp.harness.daemon.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.device.DeviceReading;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.harness.pool.RankState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes come and go, and a daemon may see the names of many. */
class LostRanksTest {
    private final DaemonMetrics metrics = new DaemonMetrics("1");

    private static PoolGauge poolOn(String host) {
        return new PoolGauge(
                "abc",
                Optional.empty(),
                "loopback",
                PoolState.READY,
                1,
                List.of(new PoolGauge.Rank(RankState.READY, Optional.of(host))));
    }

    private List<String> lost(PoolGauge... pools) {
        return metrics.scrape(List.of(pools), new DeviceReading(List.of(), List.of()))
                .lines()
                .filter(line -> line.startsWith("neuron_ranks_lost_total"))
                .toList();
    }

    @Test
    void aHostWithRanksIsThereFromTheFirstOneOnAndGoesWithTheLast() {
        assertThat(lost(poolOn("node-1")))
                .containsExactlyInAnyOrder(
                        "neuron_ranks_lost_total{host=\"\"} 0.0", "neuron_ranks_lost_total{host=\"node-1\"} 0.0");
        assertThat(lost(poolOn("node-2")))
                .containsExactlyInAnyOrder(
                        "neuron_ranks_lost_total{host=\"\"} 0.0", "neuron_ranks_lost_total{host=\"node-2\"} 0.0");
    }

    @Test
    void aHostOnWhichOneWasLostStays() {
        metrics.lost(Optional.of("node-1"));
        metrics.lost(Optional.empty());
        assertThat(lost())
                .containsExactlyInAnyOrder(
                        "neuron_ranks_lost_total{host=\"\"} 1.0", "neuron_ranks_lost_total{host=\"node-1\"} 1.0");
    }

    @Test
    void ofVeryManyTheLastAreCountedTogether() {
        for (int i = 0; i < 3000; i++) {
            metrics.lost(Optional.of("node-" + i));
        }
        assertThat(lost()).hasSizeLessThan(1100).contains("neuron_ranks_lost_total{host=\"(other)\"} 1977.0");
    }
}
