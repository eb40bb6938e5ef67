package dev.neurontp.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A process that no signal ends, as one that waits inside a driver which hangs: in a freezer of control groups, version 1. Only root can
 * make one: elsewhere the test is skipped. It takes the signals that were sent when it is let go.
 */
public final class FrozenProcess implements AutoCloseable {
    private static final Path FREEZERS = Path.of("/sys/fs/cgroup/freezer");

    private final Path group;

    private FrozenProcess(Path group) {
        this.group = group;
    }

    /** Freezes that process, without its children. */
    public static FrozenProcess of(long pid) throws IOException {
        return of(pid, "cgroup.procs");
    }

    /** Freezes one thread of that process, which is not its first one: all others end where it is ended. */
    public static FrozenProcess ofOneThread(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            long thread = threads.mapToLong(
                            one -> Long.parseLong(one.getFileName().toString()))
                    .filter(id -> id != pid)
                    .max()
                    .orElseThrow();
            return of(thread, "tasks");
        }
    }

    private static FrozenProcess of(long id, String file) throws IOException {
        assumeTrue(Files.isWritable(FREEZERS), "SKIPPED: there is no freezer of control groups (version 1) here");
        FrozenProcess frozen =
                new FrozenProcess(Files.createDirectory(FREEZERS.resolve("neurontp-" + UUID.randomUUID())));
        Files.writeString(frozen.group.resolve(file), Long.toString(id));
        frozen.state("FROZEN");
        return frozen;
    }

    private void state(String state) throws IOException {
        Files.writeString(group.resolve("freezer.state"), state);
        await().until(() ->
                Files.readString(group.resolve("freezer.state")).strip().equals(state));
    }

    /** Lets it go on. */
    public void thaw() throws IOException {
        state("THAWED");
    }

    /** Lets it go on, and waits until it has ended. */
    @Override
    public void close() throws IOException {
        thaw();
        await().until(() -> Files.readString(group.resolve("cgroup.procs")).isBlank());
        Files.delete(group);
    }
}
