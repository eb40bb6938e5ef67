package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the control group of this process, and those above it, leave to a pool (version 2). */
final class CgroupChecks {
    private static final String ROOT = "/sys/fs/cgroup";
    private static final long MIB = 1L << 20;

    /** Threads of a worker with NCCL, with a reserve. */
    private static final long THREADS_PER_RANK = 64;

    private static final long MEMORY_PER_RANK = 64 * MIB;

    private CgroupChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D37, CgroupChecks::limits));
    }

    private static Finding limits(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (!files.exists(ROOT + "/cgroup.controllers")) {
            return Finding.skipped("no control groups of version 2 at " + ROOT);
        }
        int ranks = evidence.ranks();
        List<String> problems = new ArrayList<>();
        long wantedThreads = THREADS_PER_RANK * ranks;
        long wantedMemory = MEMORY_PER_RANK * ranks;
        left(files, "pids.max", "pids.current")
                .filter(left -> left < wantedThreads)
                .ifPresent(left -> problems.add("pids.max leaves " + left + " processes and threads"));
        left(files, "memory.max", "memory.current")
                .filter(left -> left < wantedMemory)
                .ifPresent(left -> problems.add("memory.max leaves " + left / MIB + " MiB"));
        return problems.isEmpty()
                ? Finding.ok("pids.max and memory.max leave enough for " + ranks + " ranks")
                : Finding.warn(
                        Finding.join(problems),
                        wantedThreads + " threads and " + wantedMemory / MIB + " MiB for " + ranks + " ranks",
                        "docker run --pids-limit=-1 --memory=...; systemd: TasksMax=infinity");
    }

    /** The least of limit minus use over this group and those above it; empty where there is no limit. */
    private static Optional<Long> left(HostFiles files, String limit, String use) {
        Optional<Long> least = Optional.empty();
        String group = files.text("/proc/self/cgroup")
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("0::/")).findFirst())
                .map(line -> line.substring("0::".length()).strip())
                .orElse("/");
        while (true) {
            String folder = ROOT + (group.equals("/") ? "" : group);
            Optional<Long> left = files.number(folder + "/" + limit)
                    .map(most -> most - files.number(folder + "/" + use).orElse(0L));
            if (left.isPresent() && (least.isEmpty() || left.get() < least.get())) {
                least = left;
            }
            if (group.equals("/")) {
                return least;
            }
            int end = group.lastIndexOf('/');
            group = end <= 0 ? "/" : group.substring(0, end);
        }
    }
}
