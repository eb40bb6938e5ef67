package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Footprint;
import dev.neurontp.testing.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** What this process holds before pools come and go: they leave nothing in it and around it. */
record ResourceBaseline(long descriptors) {
    private static final List<String> THREADS = List.of("rank-", "pool-", "spawn-");

    static ResourceBaseline take() throws IOException {
        return new ResourceBaseline(Footprint.ofThisProcess().look().descriptors());
    }

    void assertUnchanged(String mark, Path temporary) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(Processes.with(mark)).as("processes").isEmpty();
            assertThat(threads()).as("threads").isEmpty();
            // What this JVM opens by itself meanwhile, class files for one, is a handful; a leak is three a worker.
            assertThat(Footprint.ofThisProcess().look().descriptors())
                    .as("descriptors")
                    .isLessThanOrEqualTo(descriptors + 3);
            assertThat(temporary).as("temporary files").isEmptyDirectory();
        });
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> THREADS.stream().anyMatch(name::startsWith))
                .toList();
    }
}
