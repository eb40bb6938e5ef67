package dev.neurontp.harness.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.daemon.event.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More changes than the history takes in at once, on a disk that is in order. */
@Timeout(60)
class ManyChangesTest {
    private static final Duration LIMIT = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private PoolHistory history() {
        return new PoolHistory(
                StateFolders.only(folder),
                new HistoryLimits(10_000, 1 << 30, Duration.ofDays(365_000)),
                "1",
                new EventLog(16, Clock.systemUTC()),
                Clock.systemUTC());
    }

    private static List<String> ids(int many) {
        return IntStream.range(0, many)
                .mapToObj(number -> "pool" + (char) ('a' + number / 676) + (char) ('a' + number / 26 % 26)
                        + (char) ('a' + number % 26) + "a")
                .toList();
    }

    private static HistoryFolder opened(Path path) throws IOException {
        HistoryFolder opened = new HistoryFolder(path);
        opened.open();
        return opened;
    }

    @Test
    void allThatAreRemovedAtOnceAreGone() throws Exception {
        PoolHistory history = history();
        HistoryFolder kept = opened(folder);
        for (String id : ids(1000)) {
            TrackedPool.write(kept, BadRecordsTest.record(id, BadRecordsTest.DEAD, Optional.of(BadRecordsTest.NOW)));
        }
        ids(1000).forEach(history::removed);
        history.start();
        history.close(LIMIT);
        assertThat(kept.newestFirst()).isEmpty();
    }

    /** Each of a start that has failed. */
    @Test
    void allThatWereNeverThereAreWrittenDown() throws Exception {
        PoolHistory history = history();
        for (String id : ids(PoolHistory.MOST_WAITING)) {
            history.known(BadRecordsTest.record(id, BadRecordsTest.DEAD, Optional.of(BadRecordsTest.NOW)));
        }
        history.start();
        history.close(LIMIT);
        assertThat(opened(folder).newestFirst()).hasSize(PoolHistory.MOST_WAITING);
    }
}
