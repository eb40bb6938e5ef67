package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** A control group that limits its processes and threads, of version 2 or 1. Only root can make one: elsewhere the test is skipped. */
final class ProcessesGroup implements AutoCloseable {
    private final Path group;
    private final Path inner;

    private ProcessesGroup(Path group) {
        this.group = group;
        this.inner = group.resolve("inner");
    }

    /** With so many of them. */
    static ProcessesGroup of(int most) throws IOException {
        Path groups = Stream.of("/sys/fs/cgroup/pids", "/sys/fs/cgroup")
                .map(Path::of)
                .filter(Files::isWritable)
                .findFirst()
                .orElse(Path.of("none"));
        assumeTrue(Files.isWritable(groups), "SKIPPED: this user may not make control groups");
        ProcessesGroup made =
                new ProcessesGroup(Files.createDirectory(groups.resolve("neurontp-" + UUID.randomUUID())));
        boolean limits = Files.exists(made.group.resolve("pids.max"));
        if (!limits) {
            Files.delete(made.group);
        }
        assumeTrue(limits, "SKIPPED: control groups limit no processes here");
        Files.createDirectory(made.inner);
        Files.writeString(made.group.resolve("pids.max"), Integer.toString(most));
        return made;
    }

    /** The command that runs {@code program} in a group within this one. */
    List<String> around(List<String> program) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "echo 0 >\"$0/cgroup.procs\" && exec \"$@\""));
        command.add(inner.toString());
        command.addAll(program);
        return command;
    }

    @Override
    public void close() throws IOException {
        await().untilAsserted(() ->
                assertThat(inner.resolve("cgroup.procs")).content().isBlank());
        Files.delete(inner);
        Files.delete(group);
    }
}
