package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.GpuHolder;
import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who holds GPUs although whoever started it is gone. Nothing is ended here: the command is printed. */
final class ProcessChecks {
    private static final long MIB = 1L << 20;

    /** Of an idle GPU, for the driver itself. */
    private static final long IDLE_BYTES = 600 * MIB;

    private ProcessChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D27, ProcessChecks::orphans), new Check(Row.D28, ProcessChecks::unseen));
    }

    private static Finding orphans(Evidence evidence) {
        GpuHolder.Scan scan = GpuHolder.scan(evidence.host().files());
        List<GpuHolder> orphans =
                scan.found().stream().filter(GpuHolder::orphan).toList();
        String hidden = scan.hides()
                ? "; /proc hides the processes of other users (hidepid), so none of them was looked at"
                : scan.hidden() == 0 ? "" : "; " + scan.hidden() + " processes of other users could not be looked at";
        if (orphans.isEmpty()) {
            return Finding.ok(scan.found().size() + " processes hold GPUs, none has lost who started it" + hidden);
        }
        Map<Long, String> memory = memoryByPid(evidence);
        List<String> seen = new ArrayList<>();
        for (GpuHolder orphan : orphans) {
            seen.add("pid " + orphan.stat().pid() + " of uid " + orphan.owner() + " `" + orphan.command() + "` holds "
                    + String.join(" ", orphan.devices().stream().sorted().toList())
                    + memory.getOrDefault(orphan.stat().pid(), "")
                    + (orphan.stat().state() == 'D' ? " (state D: not even SIGKILL ends it)" : ""));
        }
        return Finding.fail(
                Finding.join(seen) + hidden,
                "no process whose starter is gone",
                "kill "
                        + String.join(
                                " ",
                                orphans.stream()
                                        .limit(20)
                                        .map(one -> "" + one.stat().pid())
                                        .toList()) + ", then kill -9");
    }

    /** NVML's pids are those of the host: in a container they are others, and nothing is found. */
    private static Map<Long, String> memoryByPid(Evidence evidence) {
        Map<Long, String> memory = new HashMap<>();
        for (Gpu gpu : evidence.gpus()) {
            for (String process : gpu.facts().list("processes")) {
                String[] parts = process.split(":", -1);
                if (parts.length == 2 && process.matches("[0-9]{1,10}:[0-9]{1,18}")) {
                    memory.put(
                            Long.valueOf(parts[0]),
                            ", " + Long.parseLong(parts[1]) / MIB + " MiB of GPU " + gpu.index());
                }
            }
        }
        return memory;
    }

    private static Finding unseen(Evidence evidence) {
        List<String> gone = ofProcessesThatAreGone(evidence);
        if (!gone.isEmpty()) {
            return Finding.warn(
                    Finding.join(gone),
                    "no memory of a process that is gone",
                    "nvidia-smi --gpu-reset -i N after all its users have ended, or reboot");
        }
        List<String> full = evidence.gpus().stream()
                .filter(gpu -> gpu.facts().above("memory_used", IDLE_BYTES)
                        && gpu.facts().values().containsKey("processes")
                        && gpu.facts().list("processes").isEmpty())
                .map(gpu ->
                        gpu.label() + ": " + gpu.facts().number("memory_used").orElse(0L) / MIB + " MiB")
                .toList();
        boolean held = !GpuHolder.scan(evidence.host().files()).found().isEmpty();
        return full.isEmpty() || held
                ? Finding.ok("no GPU memory without a process")
                : Finding.warn(
                        Finding.join(full) + ", and no process that could hold it is to be seen",
                        "less than " + IDLE_BYTES / MIB + " MiB on an idle GPU",
                        "fuser -v /dev/nvidia* on the host, as root");
    }

    /** In a container NVML's pids are those of the host, so that none of them is found. */
    private static List<String> ofProcessesThatAreGone(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (evidence.host().container()) {
            return List.of();
        }
        return memoryByPid(evidence).entrySet().stream()
                .filter(process -> !files.exists("/proc/" + process.getKey()))
                .map(process -> "pid " + process.getKey() + " is gone, and NVML says that it holds"
                        + process.getValue().substring(1))
                .sorted()
                .toList();
    }
}
