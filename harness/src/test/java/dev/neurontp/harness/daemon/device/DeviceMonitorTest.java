package dev.neurontp.harness.daemon.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DeviceMonitorTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void aClockThatIsSetDoesNotChangeHowLongItRuns() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        InstantSource source = now::get;
        XidWatch xids = new XidWatch(new DaemonMetrics("1").xids());
        try (DeviceMonitor monitor = new DeviceMonitor(
                "/nonexistent/nvidia-smi", false, LONG, LONG, xids, source.withZone(ZoneOffset.UTC))) {
            Duration before = monitor.uptime();
            now.set(Instant.EPOCH.plus(Duration.ofDays(20_000)));
            Duration after = monitor.uptime();
            assertThat(after).isGreaterThanOrEqualTo(before).isLessThan(Duration.ofDays(1));
            now.set(Instant.EPOCH.minus(Duration.ofDays(1)));
            assertThat(monitor.uptime()).isGreaterThanOrEqualTo(after);
        }
    }
}
