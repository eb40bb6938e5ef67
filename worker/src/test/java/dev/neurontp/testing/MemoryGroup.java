package dev.neurontp.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A control group (version 1) with little memory, by root on a host where it can make one: elsewhere the test is skipped. */
public final class MemoryGroup implements AutoCloseable {
    /** A script that waits for a line, and then takes all the memory that it gets. */
    public static final String EATER = "read line; exec tail /dev/zero";

    private static final Path GROUPS = Path.of("/sys/fs/cgroup/memory");
    private static final long BYTES = 16L << 20;

    private final Path group;

    private MemoryGroup(Path group) {
        this.group = group;
    }

    public static MemoryGroup create() throws IOException {
        return create(BYTES);
    }

    /** One with so much. */
    public static MemoryGroup create(long bytes) throws IOException {
        assumeTrue(Files.isWritable(GROUPS), "SKIPPED: there are no control groups for memory (version 1) here");
        MemoryGroup made = new MemoryGroup(Files.createDirectory(GROUPS.resolve("neurontp-" + UUID.randomUUID())));
        Files.writeString(made.group.resolve("memory.limit_in_bytes"), Long.toString(bytes));
        return made;
    }

    /** The file to which the pid of one that shall be in it is written. */
    public Path members() {
        return group.resolve("cgroup.procs");
    }

    /** Takes that process in. */
    public void take(long pid) throws IOException {
        Files.writeString(members(), Long.toString(pid));
    }

    /** Waits until all in it have ended. */
    @Override
    public void close() throws IOException {
        await().until(() -> Files.readString(members()).isBlank());
        Files.delete(group);
    }
}
