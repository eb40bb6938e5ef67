package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.device.XidWatch;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.worker.Communicators;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pools of a daemon whose only worker ends before it has said a word. */
final class ShortPools {
    private static final Duration LONG = Duration.ofSeconds(60);

    private ShortPools() {}

    static PoolServices services(Path folder, Clock clock, PoolRecords records) {
        DaemonMetrics metrics = new DaemonMetrics("1");
        DaemonFile self = DaemonFile.ofThisProcess("", folder.resolve("token"), "1", clock.instant());
        return new PoolServices(
                clock,
                new EventLog(1000, clock),
                metrics,
                new DeviceMonitor("/nonexistent/nvidia-smi", false, LONG, LONG, new XidWatch(metrics.xids()), clock),
                new WorkerLedger(RuntimeFolder.at(folder), self),
                records,
                _ -> Optional.empty(),
                () -> true,
                new PoolLifeLog(() -> false),
                10,
                10,
                LONG);
    }

    /** Of the pool {@code p<number>}. */
    static PoolPlan plan(int number, RestartPolicy restart) {
        return new PoolPlan(
                Optional.of("p" + number),
                Map.of(),
                1,
                List.of(0L),
                false,
                restart,
                Communicators.named("the communicator", "loopback"),
                List.of("/bin/false"),
                false,
                Optional.empty(),
                Deadlines.DEFAULT);
    }
}
