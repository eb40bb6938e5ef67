package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** What pools may leave in this process and around it: nothing. */
record Footprint(int descriptors) {
    private static final List<String> THREADS = List.of("rank-", "pool-", "spawn-");

    static Footprint take() {
        return new Footprint(openDescriptors().size());
    }

    void assertUnchanged(String mark, Path temporary) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(TestPool.marked(mark)).as("processes").isEmpty();
            assertThat(threads()).as("threads").isEmpty();
            // What this JVM opens by itself meanwhile, class files for one, is a handful; a leak is three a worker.
            assertThat(openDescriptors()).as("descriptors").hasSizeLessThanOrEqualTo(descriptors + 3);
            assertThat(temporary).as("temporary files").isEmptyDirectory();
        });
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> THREADS.stream().anyMatch(name::startsWith))
                .toList();
    }

    private static List<String> openDescriptors() {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                open.add(target(descriptor));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return open;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException gone) {
            return "closed meanwhile";
        }
    }
}
