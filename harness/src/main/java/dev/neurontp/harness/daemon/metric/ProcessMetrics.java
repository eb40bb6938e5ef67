package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.process.ResidentMemory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;

/** The daemon's own process and its JVM, by the names that Micrometer and Prometheus give them. */
final class ProcessMetrics {
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Registers them. It loads the JVM's management, which takes longer than all else at a start: only who scrapes wants it. */
    void bindTo(MeterRegistry registry) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        long pid = ProcessHandle.current().pid();
        Gauge.builder("process.resident.memory", () -> ResidentMemory.of(pid).orElse(0L))
                .description("what the daemon's process holds in memory")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder("process.cpu", ProcessHandle.current(), ProcessMetrics::cpuSeconds)
                .description("processor time of the daemon's process, of all processors together")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0;
    }
}
