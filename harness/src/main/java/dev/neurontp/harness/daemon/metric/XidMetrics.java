package dev.neurontp.harness.daemon.metric;

import dev.neurontp.harness.daemon.device.XidWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the Xids of each GPU that can be seen, from 0 on, so that the first one is an increase. What came of none is not
 * there: no number says "no error".
 */
final class XidMetrics implements XidWatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(XidMetrics.class);

    private final MeterRegistry registry;
    private final Map<Integer, AtomicLong> last = new ConcurrentHashMap<>();

    XidMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void watching(int gpu) {
        counter(gpu);
    }

    @Override
    public void xid(int gpu, long number) {
        counter(gpu).increment();
        AtomicLong shown = last.computeIfAbsent(gpu, this::lastXid);
        // One that fails writes the same one by the hundred.
        if (shown.getAndSet(number) != number) {
            LOG.warn("GPU {} reported Xid {}: tpctl doctor --only xid shows what the kernel says of it", gpu, number);
        }
    }

    private Counter counter(int gpu) {
        return Counter.builder("neuron.gpu.xid.errors")
                .description("Xid errors that the driver reported since this daemon watches the GPU")
                .tag("gpu", Integer.toString(gpu))
                .register(registry);
    }

    private AtomicLong lastXid(int gpu) {
        AtomicLong value = new AtomicLong(-1);
        Gauge.builder("neuron.gpu.xid.last", value, AtomicLong::doubleValue)
                .description("the number of the last Xid error of the GPU, of NVIDIA's list")
                .tag("gpu", Integer.toString(gpu))
                .register(registry);
        return value;
    }
}
