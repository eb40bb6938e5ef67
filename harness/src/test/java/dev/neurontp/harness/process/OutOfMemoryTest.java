package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
    @TempDir
    private Path root;

    @Test
    void onlyTheKernelsOwnCountSaysOutOfMemory() throws Exception {
        group("0::/pods/a\n", "low 0\noom 1\noom_kill 2\n");
        OutOfMemory watch =
                OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")).orElseThrow();
        assertThat(watch.happened()).isFalse();
        Files.writeString(watch.events(), "low 0\noom 5\noom_kill 3\n");
        assertThat(watch.happened()).isTrue();
        Files.delete(watch.events());
        assertThat(watch.happened()).isFalse();
    }

    @Test
    void aHostWithoutTheCounterSaysNothing() throws Exception {
        group("4:memory:/pods/a\n", "oom_kill 2\n");
        assertThat(OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")))
                .isEmpty();
        assertThat(OutOfMemory.watch(8, root.resolve("proc"), root.resolve("cg")))
                .isEmpty();
    }

    private void group(String membership, String events) throws Exception {
        Files.createDirectories(root.resolve("proc/7"));
        Files.createDirectories(root.resolve("cg/pods/a"));
        Files.writeString(root.resolve("proc/7/cgroup"), membership);
        Files.writeString(root.resolve("cg/pods/a/memory.events"), events);
    }
}
