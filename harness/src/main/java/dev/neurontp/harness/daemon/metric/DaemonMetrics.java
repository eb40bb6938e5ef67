package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.pool.PoolState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a daemon counts and measures. Any thread may call. */
public final class DaemonMetrics {
    private static final Duration[] ROUND_TRIPS =
            millis(0.1, 0.2, 0.5, 1, 2, 5, 10, 50, 100, 500, 1000, 5000, 30000, 120000);
    private static final Duration[] SPAWNS = millis(50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000);
    private static final String STDOUT = "stdout";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge poolState = MultiGauge.builder("neuron.pool.state")
            .description("1 for the state that the pool is in, 0 for the others")
            .register(registry);
    private final MultiGauge rankUp = MultiGauge.builder("neuron.rank.up")
            .description("1 when the rank has answered and is not being ended")
            .register(registry);
    private final Counter noise = Counter.builder("neuron.stdout.noise")
            .description("lines on a worker's stdout that are no replies; each one ends its pool")
            .register(registry);
    private final Timer spawns = Timer.builder("neuron.spawn")
            .description("from the request for a pool to the answer of its last rank")
            .serviceLevelObjectives(SPAWNS)
            .register(registry);

    public DaemonMetrics(String version) {
        Gauge.builder("neuron.build.info", () -> 1)
                .description("always 1; the labels say what runs")
                .tag("version", version)
                .tag("java", System.getProperty("java.version"))
                .register(registry);
        Counter.builder("neuron.protocol.errors")
                .description("ranks that failed, by the kind of their error or by exited, protocol, stdout, timeout")
                .tag("kind", STDOUT)
                .register(registry);
    }

    /** A rank answered. */
    public void roundTrip(String op, int rank, Duration took) {
        Timer.builder("neuron.round.trip")
                .description("from a rank's request to its reply")
                .tag("op", op)
                .tag("rank", Integer.toString(rank))
                .serviceLevelObjectives(ROUND_TRIPS)
                .register(registry)
                .record(took);
    }

    /** A pool came up. */
    public void spawned(Duration took) {
        spawns.record(took);
    }

    /** A rank failed. */
    public void failed(String kind) {
        registry.counter("neuron.protocol.errors", "kind", label(kind)).increment();
        if (kind.equals(STDOUT)) {
            noise.increment();
        }
    }

    /** All numbers in the text format 0.0.4. */
    public synchronized String scrape(List<PoolGauge> pools) {
        List<MultiGauge.Row<?>> states = new ArrayList<>();
        List<MultiGauge.Row<?>> ranks = new ArrayList<>();
        for (PoolGauge pool : pools) {
            for (PoolState state : PoolState.values()) {
                Tags tags = Tags.of("pool", pool.id(), "state", state.name().toLowerCase(Locale.ROOT));
                states.add(MultiGauge.Row.of(tags, pool.state() == state ? 1 : 0));
            }
            for (int rank = 0; rank < pool.ranks().size(); rank++) {
                Tags tags = Tags.of("pool", pool.id(), "rank", Integer.toString(rank));
                ranks.add(MultiGauge.Row.of(tags, pool.up(pool.ranks().get(rank)) ? 1 : 0));
            }
        }
        poolState.register(states, true);
        rankUp.register(ranks, true);
        return registry.scrape();
    }

    /** A worker chooses the kind of its error: a metric must not get a label of unbounded size. */
    private static String label(String kind) {
        return kind.matches("[a-z0-9_]{1,64}") ? kind : "other";
    }

    private static Duration[] millis(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e6)))
                .toArray(Duration[]::new);
    }
}
