package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerLauncherTest {
    /** Nobody can ask the kernel once it has ended. */
    @Test
    void whatAWorkerUsesIsLookedAtWhileItLives() throws Exception {
        String spin = "i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done";
        try (WorkerLauncher launcher = new WorkerLauncher(List.of("sh", "-c", spin), LaunchSettings.INHERITED)) {
            WorkerProcess worker = launcher.start(List.of(), Map.of(), false);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(60)))).isPresent();
            assertThat(worker.cpuTime()).isPositive();
        }
    }
}
