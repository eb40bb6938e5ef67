package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.GpuHolder;
import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.List;

/** What ended jobs have left in /dev/shm. */
final class SharedMemoryChecks {
    private static final String FOLDER = "/dev/shm";
    private static final long MIB = 1L << 20;

    private SharedMemoryChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D12, SharedMemoryChecks::stale));
    }

    /** NCCL closes its files once they are mapped: whose they are, nobody can say while anyone uses a GPU. */
    private static Finding stale(Evidence evidence) {
        HostFiles files = evidence.host().files();
        List<String> names = files.names(FOLDER).stream()
                .filter(name -> name.startsWith("nccl-"))
                .toList();
        if (names.isEmpty()) {
            return Finding.ok("no file of NCCL in " + FOLDER);
        }
        long bytes = names.stream()
                .mapToLong(name -> files.size(FOLDER + "/" + name))
                .sum();
        String seen = names.size() + " files of NCCL with " + (bytes + MIB - 1) / MIB + " MiB in " + FOLDER;
        GpuHolder.Scan scan = GpuHolder.scan(files);
        if (!scan.found().isEmpty()) {
            return Finding.ok(seen + ", and " + scan.found().size() + " processes that hold GPUs and may use them");
        }
        if (scan.hidden() > 0 || scan.hides() || evidence.host().container()) {
            return Finding.skipped(seen + ", and processes that cannot be seen from here may use them");
        }
        return Finding.warn(
                seen + ", and no process holds a GPU",
                "none: jobs that have ended left them, and they take room from the next one (D11)",
                "ls -l " + FOLDER + "/nccl-*, then rm those of jobs that have ended");
    }
}
