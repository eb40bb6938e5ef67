package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel says about out-of-memory kills in a worker's control group, of version 2 or 1. Nothing else can tell such a
 * kill from any other SIGKILL. The group may hold more than the worker, for weeks: so only a kill in the last moments counts.
 */
public final class OutOfMemory {
    /** How such an end is told. */
    public static final String WORDS = "killed by the kernel: out of memory";

    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final String COUNTER = "oom_kill ";

    private final Path events;
    private final long killsAtStart;

    private OutOfMemory(Path events, long killsAtStart) {
        this.events = events;
        this.killsAtStart = killsAtStart;
        RecentKills.watch(events, killsAtStart);
    }

    /** Empty where the host has no such counter for this process. */
    public static Optional<OutOfMemory> watch(long pid) {
        return watch(pid, PROC, CGROUPS);
    }

    static Optional<OutOfMemory> watch(long pid, Path proc, Path cgroups) {
        try {
            CgroupMounts mounts = CgroupMounts.read(proc, cgroups);
            return Files.readAllLines(proc.resolve(pid + "/cgroup")).stream()
                    .flatMap(line -> counter(line, mounts).stream())
                    .flatMap(events -> kills(events).map(count -> new OutOfMemory(events, count)).stream())
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Where a line {@code HIERARCHY:CONTROLLERS:GROUP} says that it counts: a host may have both versions, and memory in one. */
    private static Optional<Path> counter(String line, CgroupMounts mounts) {
        String[] parts = line.split(":", 3);
        String group = parts[parts.length - 1];
        if (line.startsWith("0::")) {
            return Optional.of(mounts.ofVersion2(group).resolve("memory.events"));
        }
        boolean counts = parts.length == 3 && List.of(parts[1].split(",")).contains(CgroupMounts.MEMORY);
        return counts ? Optional.of(mounts.ofMemory(group).resolve("memory.oom_control")) : Optional.empty();
    }

    /** The file that has the count. */
    Path events() {
        return events;
    }

    /** Whether the kernel has counted such a kill since the start, and in the last 2 s; to be asked when the worker has just exited. */
    public boolean justHappened() {
        long before = Math.max(killsAtStart, RecentKills.before(events));
        return kills(events).filter(count -> count > before).isPresent();
    }

    static Optional<Long> kills(Path events) {
        try {
            for (String line : Files.readAllLines(events)) {
                if (line.startsWith(COUNTER)) {
                    return Optional.of(
                            Long.parseLong(line.substring(COUNTER.length()).strip()));
                }
            }
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
