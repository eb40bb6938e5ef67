package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.daemon.device.DeviceReading;
import dev.neurontp.harness.daemon.device.XidWatch;
import dev.neurontp.harness.pool.PoolState;
import dev.neurontp.rpc.ErrorKind;
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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What a daemon counts and measures. Any thread may call. */
public final class DaemonMetrics {
    private static final Duration[] ROUND_TRIPS =
            millis(0.1, 0.2, 0.5, 1, 2, 5, 10, 50, 100, 500, 1000, 5000, 30000, 120000);
    private static final Duration[] SPAWNS = millis(50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000);
    private static final String STDOUT = "stdout";

    /** What a leader says of a rank that fails without an error of its own. */
    private static final Set<String> OF_THE_LEADER = Set.of("exited", "protocol", STDOUT, "timeout");

    /** Of kinds that neither the contract nor a leader has. */
    private static final int MOST_KINDS = 16;

    private static final String POOL = "pool";
    private static final long MIB = 1 << 20;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MultiGauge poolState = MultiGauge.builder("neuron.pool.state")
            .description("1 for the state that the pool is in, 0 for the others")
            .register(registry);
    private final MultiGauge rankUp = MultiGauge.builder("neuron.rank.up")
            .description("1 when the rank has answered and is not being ended")
            .register(registry);
    private final MultiGauge rankInfo = MultiGauge.builder("neuron.rank.info")
            .description("always 1; the labels say where the rank is: an empty host is the daemon's")
            .register(registry);
    private final MultiGauge pools = MultiGauge.builder("neuron.pools")
            .description("pools in that state; there without any pool, too")
            .register(registry);
    private final MultiGauge poolInfo = MultiGauge.builder("neuron.pool.info")
            .description("always 1; the labels say what the pool is")
            .register(registry);
    private final MultiGauge gpuUse = gpu("utilization.ratio", "how busy the GPU was at the last poll, 0 to 1", "");
    private final MultiGauge gpuUsed = gpu("memory.used", "memory of the GPU that is in use", "bytes");
    private final MultiGauge gpuFree = gpu("memory.free", "memory of the GPU that is free", "bytes");
    private final MultiGauge gpuTemperature = gpu("temperature", "temperature of the GPU", "celsius");
    private final MultiGauge gpuErrors =
            gpu("ecc.uncorrected", "memory errors since the driver was loaded that ECC could not correct", "");
    private final LostRanks lostRanks = new LostRanks(registry);
    private final XidMetrics xids = new XidMetrics(registry);
    private final ProcessMetrics process = new ProcessMetrics();
    private final Counter noise = Counter.builder("neuron.stdout.noise")
            .description("lines on a worker's stdout that are no replies; each one ends its pool")
            .register(registry);
    private final Counter restarts = Counter.builder("neuron.pool.restarts")
            .description("pools that took the place of one that failed or that somebody restarted")
            .register(registry);
    private boolean processBound;
    private final Timer spawns = Timer.builder("neuron.spawn")
            .description("from the request for a pool to the answer of its last rank")
            .serviceLevelObjectives(SPAWNS)
            .register(registry);

    private final Set<String> kinds = new HashSet<>();

    /** To find a timer by its name and tags takes longer than a rank takes to answer. */
    private final Map<RankOperation, Timer> roundTrips = new ConcurrentHashMap<>();

    private record RankOperation(String pool, String op, int rank) {}

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

    private MultiGauge gpu(String what, String description, String unit) {
        return MultiGauge.builder("neuron.gpu." + what)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    /** An operation that somebody asked for is over; {@code result} is ok or the type of its error. */
    public void operation(String op, String result) {
        Counter.builder("neuron.operations")
                .description("operations that somebody asked for, by what came of them: ok, or the type of the error")
                .tag("op", op)
                .tag("result", result)
                .register(registry)
                .increment();
    }

    /** A pool was removed from the list: its series go with it. */
    public void forget(String pool) {
        roundTrips.keySet().removeIf(of -> of.pool().equals(pool));
        registry.getMeters().stream()
                .filter(meter -> pool.equals(meter.getId().getTag(POOL)))
                .forEach(registry::remove);
    }

    /** A rank answered. */
    public void roundTrip(String pool, String op, int rank, Duration took) {
        roundTrips
                .computeIfAbsent(new RankOperation(pool, op, rank), this::timer)
                .record(took);
    }

    private Timer timer(RankOperation of) {
        return Timer.builder("neuron.round.trip")
                .description("from a rank's request to its reply")
                .tag(POOL, of.pool())
                .tag("op", of.op())
                .tag("rank", Integer.toString(of.rank()))
                .serviceLevelObjectives(ROUND_TRIPS)
                .register(registry);
    }

    /** A pool came up. */
    public void spawned(Duration took) {
        spawns.record(took);
    }

    /** A pool took the place of another. */
    public void restarted() {
        restarts.increment();
    }

    /** A rank was ended, and its end was not seen; {@code host} is empty where it is the daemon's. */
    public void lost(Optional<String> host) {
        lostRanks.lost(host.orElse(""));
    }

    /** A rank failed. */
    public void failed(String kind) {
        registry.counter("neuron.protocol.errors", "kind", kind(kind)).increment();
        if (kind.equals(STDOUT)) {
            noise.increment();
        }
    }

    /** What counts the Xids of the GPUs. */
    public XidWatch.Listener xids() {
        return xids;
    }

    /** All numbers in the text format 0.0.4. */
    public synchronized String scrape(List<PoolGauge> all, DeviceReading devices) {
        if (!processBound) {
            processBound = true;
            process.bindTo(registry);
        }
        register(all);
        register(devices);
        return registry.scrape();
    }

    private void register(DeviceReading devices) {
        gpus(gpuUse, devices, usage -> usage.utilizationPercent().map(percent -> percent / 100.0));
        gpus(gpuUsed, devices, usage -> usage.usedMiB().map(size -> (double) size * MIB));
        gpus(gpuFree, devices, usage -> usage.freeMiB().map(size -> (double) size * MIB));
        gpus(gpuTemperature, devices, usage -> usage.temperature().map(Long::doubleValue));
        gpus(gpuErrors, devices, usage -> usage.uncorrectedErrors().map(Long::doubleValue));
    }

    /** A GPU that does not say is not there: 0 would be a claim. */
    private static void gpus(
            MultiGauge gauge, DeviceReading devices, Function<DeviceReading.Usage, Optional<Double>> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (DeviceReading.Usage usage : devices.devices()) {
            value.apply(usage)
                    .ifPresent(number ->
                            rows.add(MultiGauge.Row.of(Tags.of("gpu", Integer.toString(usage.index())), number)));
        }
        gauge.register(rows, true);
    }

    private void register(List<PoolGauge> all) {
        List<MultiGauge.Row<?>> counts = new ArrayList<>();
        for (PoolState state : PoolState.values()) {
            counts.add(MultiGauge.Row.of(
                    Tags.of("state", label(state)),
                    all.stream().filter(pool -> pool.state() == state).count()));
        }
        pools.register(counts, true);
        List<MultiGauge.Row<?>> infos = new ArrayList<>();
        List<MultiGauge.Row<?>> states = new ArrayList<>();
        List<MultiGauge.Row<?>> ranks = new ArrayList<>();
        List<MultiGauge.Row<?>> places = new ArrayList<>();
        Set<String> hosts = new HashSet<>();
        for (PoolGauge pool : all) {
            infos.add(MultiGauge.Row.of(
                    Tags.of(
                            POOL,
                            pool.id(),
                            "name",
                            pool.name().orElse(""),
                            "communicator",
                            pool.communicator(),
                            "world_size",
                            Integer.toString(pool.worldSize())),
                    1));
            for (PoolState state : PoolState.values()) {
                Tags tags = Tags.of(POOL, pool.id(), "state", label(state));
                states.add(MultiGauge.Row.of(tags, pool.state() == state ? 1 : 0));
            }
            for (int rank = 0; rank < pool.ranks().size(); rank++) {
                Tags tags = Tags.of(POOL, pool.id(), "rank", Integer.toString(rank));
                PoolGauge.Rank now = pool.ranks().get(rank);
                ranks.add(MultiGauge.Row.of(tags, PoolGauge.up(now) ? 1 : 0));
                String host = now.host().orElse("");
                places.add(MultiGauge.Row.of(tags.and("host", host), 1));
                hosts.add(host);
            }
        }
        poolInfo.register(infos, true);
        poolState.register(states, true);
        rankUp.register(ranks, true);
        rankInfo.register(places, true);
        lostRanks.show(hosts);
    }

    private static String label(PoolState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /** A worker chooses the kind of its error: there are a few that the contract does not know, of a bounded size. */
    private synchronized String kind(String said) {
        boolean known = ErrorKind.find(said).isPresent() || OF_THE_LEADER.contains(said) || kinds.contains(said);
        if (known || (kinds.size() < MOST_KINDS && said.matches("[a-z0-9_]{1,64}") && kinds.add(said))) {
            return said;
        }
        return "other";
    }

    private static Duration[] millis(double... values) {
        return Arrays.stream(values)
                .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e6)))
                .toArray(Duration[]::new);
    }
}
