package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutOfMemoryTest {
    @TempDir
    private Path root;

    @Test
    void onlyTheKernelsOwnCountSaysOutOfMemory() throws Exception {
        group("0::/pods/a\n", "cg/pods/a/memory.events", "low 0\noom 1\noom_kill 2\n");
        OutOfMemory watch =
                OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")).orElseThrow();
        assertThat(watch.justHappened()).isFalse();
        Files.writeString(watch.events(), "low 0\noom 5\noom_kill 3\n");
        assertThat(watch.justHappened()).isTrue();
        Files.delete(watch.events());
        assertThat(watch.justHappened()).isFalse();
    }

    /** Something else of the group may have been killed, long before somebody kills the worker. */
    @Test
    void aKillOfLongAgoIsNoNews() throws Exception {
        group("0::/pods/a\n", "cg/pods/a/memory.events", "oom_kill 2\n");
        OutOfMemory watch =
                OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")).orElseThrow();
        Files.writeString(watch.events(), "oom_kill 3\n");
        await().untilAsserted(() -> assertThat(watch.justHappened()).isFalse());
        Files.writeString(watch.events(), "oom_kill 4\n");
        assertThat(watch.justHappened()).isTrue();
    }

    @Test
    void theCounterOfVersion1IsTakenWhereMemoryIsCountedThere() throws Exception {
        group(
                "5:cpu,cpuacct:/pods\n4:hugetlb,memory:/pods/a\n0::/\n",
                "cg/memory/pods/a/memory.oom_control",
                "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        OutOfMemory watch =
                OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")).orElseThrow();
        assertThat(watch.justHappened()).isFalse();
        Files.writeString(watch.events(), "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        assertThat(watch.justHappened()).isTrue();
    }

    /** As in a container that has the host's name space of groups: what is mounted there is its own group, and not the whole tree. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4:memory:/docker/f00  | /docker/f00 | - cgroup cgroup rw,memory       | memory.oom_control
            4:memory:/docker/f00/a | /docker/f00 | - cgroup cgroup rw,memory       | a/memory.oom_control
            0::/docker/f00        | /docker/f00 | shared:7 - cgroup2 cgroup rw    | memory.events
            0::/docker/f00/a      | /docker     | - cgroup2 cgroup rw             | f00/a/memory.events
            """)
    void theGroupIsFoundWhereItIsMounted(String membership, String mounted, String rest, String counter)
            throws Exception {
        Path mount = root.resolve("cg/somewhere else");
        group(membership + "\n", "cg/somewhere else/" + counter, "oom_kill 2\n");
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(
                root.resolve("proc/self/mountinfo"),
                "30 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n31 30 0:29 " + mounted + " "
                        + mount.toString().replace(" ", "\\040") + " rw,relatime " + rest + "\n");
        OutOfMemory watch =
                OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")).orElseThrow();
        Files.writeString(watch.events(), "oom_kill 3\n");
        assertThat(watch.justHappened()).isTrue();
    }

    @Test
    void aHostWithoutTheCounterSaysNothing() throws Exception {
        group("4:cpu:/pods/a\nno line of a group\n", "cg/cpu/pods/a/memory.oom_control", "oom_kill 2\n");
        assertThat(OutOfMemory.watch(7, root.resolve("proc"), root.resolve("cg")))
                .isEmpty();
        assertThat(OutOfMemory.watch(8, root.resolve("proc"), root.resolve("cg")))
                .isEmpty();
    }

    private void group(String membership, String counter, String events) throws Exception {
        Files.createDirectories(root.resolve("proc/7"));
        Files.writeString(root.resolve("proc/7/cgroup"), membership);
        Path file = root.resolve(counter);
        Files.createDirectories(file.getParent());
        Files.writeString(file, events);
    }
}
