package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel says about out-of-memory kills in a worker's control group (version 2). Nothing else can tell such a
 * kill from any other SIGKILL.
 */
public record OutOfMemory(Path events, long killsAtStart) {
    private static final Path PROC = Path.of("/proc");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final String COUNTER = "oom_kill ";
    private static final String VERSION_2 = "0::";

    /** Empty where the host has no such counter for this process. */
    public static Optional<OutOfMemory> watch(long pid) {
        return watch(pid, PROC, CGROUPS);
    }

    static Optional<OutOfMemory> watch(long pid, Path proc, Path cgroups) {
        try {
            for (String line : Files.readAllLines(proc.resolve(pid + "/cgroup"))) {
                if (line.startsWith(VERSION_2)) {
                    String group = line.substring(VERSION_2.length()).replaceFirst("^/+", "");
                    Path events = cgroups.resolve(group).resolve("memory.events");
                    return kills(events).map(count -> new OutOfMemory(events, count));
                }
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether the kernel has counted such a kill since. */
    public boolean happened() {
        return kills(events).filter(count -> count > killsAtStart).isPresent();
    }

    private static Optional<Long> kills(Path events) {
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
