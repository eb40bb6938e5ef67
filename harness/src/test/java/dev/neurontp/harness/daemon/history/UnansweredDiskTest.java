package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.neurontp.harness.daemon.event.EventLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that never answers, as the thread that writes sees it: it does not come to anything. */
class UnansweredDiskTest {
    @TempDir
    Path folder;

    @Test
    @Timeout(60)
    void nobodyWaitsForItWhateverHappens() {
        PoolHistory history = new PoolHistory(
                StateFolders.only(folder),
                new HistoryLimits(10, 1 << 20, Duration.ofDays(1)),
                "1",
                new EventLog(16, Clock.systemUTC()),
                Clock.systemUTC());
        assertThatCode(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        history.removed("aaaaaaaa");
                    }
                    history.close(Duration.ofMillis(10));
                })
                .doesNotThrowAnyException();
    }
}
