package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.pool.PoolCreator;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import dev.neurontp.harness.model.HarnessRegistry;

/** What the routes need. */
public record HttpServices(
        PoolRegistry registry,
        PoolCreator creator,
        PastPools past,
        EventLog events,
        DeviceMonitor devices,
        HarnessRegistry harnesses,
        DaemonMetrics metrics) {}
