package dev.neurontp.harness.daemon.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts the ranks that were lost on each host. Nodes come and go, under other names each time: one on which none was lost is shown as long as
 * it has ranks, and of the others there is a bounded number. Any thread.
 */
final class LostRanks {
    private static final String HERE = "";
    private static final int MOST_HOSTS = 1024;
    /** All beyond that; no host has such a name. */
    private static final String OTHER = "(other)";

    private final MeterRegistry registry;
    private final Map<String, Counter> shown = new LinkedHashMap<>();

    LostRanks(MeterRegistry registry) {
        this.registry = registry;
        on(HERE);
    }

    /** One was ended on that host, and its end was not seen. */
    synchronized void lost(String host) {
        on(host).increment();
    }

    /** These hosts have ranks now. They are shown from 0 on: Prometheus sees no increase in a series whose first value is the loss. */
    synchronized void show(Set<String> hosts) {
        shown.entrySet().removeIf(known -> {
            boolean idle = !known.getKey().equals(HERE)
                    && !hosts.contains(known.getKey())
                    && known.getValue().count() == 0;
            return idle && registry.remove(known.getValue()) != null;
        });
        hosts.forEach(this::on);
    }

    private Counter on(String host) {
        String name = shown.containsKey(host) || shown.size() < MOST_HOSTS ? host : OTHER;
        return shown.computeIfAbsent(name, this::counter);
    }

    private Counter counter(String host) {
        return Counter.builder("neuron.ranks.lost")
                .description(
                        "ranks that were ended and not seen to end: they may still run; an empty host is the daemon's")
                .tag("host", host)
                .register(registry);
    }
}
