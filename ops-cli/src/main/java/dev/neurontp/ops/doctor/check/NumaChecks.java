package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.List;
import java.util.Optional;

/** Whether this process may use the memory near the GPUs. The kernel knows where a GPU is; NVML tells it of none that is not a node itself. */
final class NumaChecks {
    private static final String ALLOWED = "Mems_allowed_list:";

    private NumaChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D48, NumaChecks::numa));
    }

    private static Finding numa(Evidence evidence) {
        HostFiles files = evidence.host().files();
        Optional<String> allowed = allowed(files);
        List<String> silent = evidence.gpus().stream()
                .filter(gpu -> node(files, gpu).isEmpty())
                .map(Gpu::label)
                .toList();
        if (allowed.isEmpty() || silent.size() == evidence.gpus().size()) {
            return Finding.skipped(
                    allowed.isEmpty()
                            ? "/proc/self/status has no " + ALLOWED
                            : "this host does not say on which NUMA nodes its GPUs are");
        }
        List<String> far = GpuChecks.each(
                evidence,
                gpu -> node(files, gpu)
                        .filter(node -> !contains(allowed.get(), node))
                        .map(node -> "NUMA node " + node + ", this process may use " + allowed.get()));
        String well = "this process may use the memory of every GPU's NUMA node";
        return far.isEmpty()
                ? Finding.ok(silent.isEmpty() ? well : well + "; not known of " + Finding.join(silent))
                : Finding.warn(
                        Finding.join(far),
                        "all NUMA nodes that have GPUs",
                        "numactl --membind or docker run --cpuset-mems without the limit");
    }

    private static Optional<String> allowed(HostFiles files) {
        return files.text("/proc/self/status")
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith(ALLOWED)).findFirst())
                .map(line -> line.substring(ALLOWED.length()).strip());
    }

    /** Empty where the kernel does not know it, for which it has -1. */
    private static Optional<Long> node(HostFiles files, Gpu gpu) {
        return gpu.facts()
                .text("pci")
                .flatMap(address -> files.number("/sys/bus/pci/devices/" + address + "/numa_node"))
                .filter(node -> node >= 0);
    }

    /** Whether a list such as {@code 0-1,4} holds the number. */
    private static boolean contains(String list, long number) {
        for (String part : list.split(",", -1)) {
            if (part.matches("\\d{1,6}(-\\d{1,6})?")) {
                String[] ends = part.split("-", -1);
                if (Long.parseLong(ends[0]) <= number && number <= Long.parseLong(ends[ends.length - 1])) {
                    return true;
                }
            }
        }
        return false;
    }
}
