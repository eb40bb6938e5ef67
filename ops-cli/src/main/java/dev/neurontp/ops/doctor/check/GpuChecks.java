package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.harness.validate.ThrottleReasons;
import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** How the GPUs are set up and how they are, as NVML says. A GPU that does not say something is not judged by it. */
final class GpuChecks {
    private static final long EXCLUSIVE = 3;
    private static final long PROHIBITED = 2;
    private static final long GPU_IS_LOST = 15;
    private static final List<String> RECOVERY =
            List.of("none", "reset the GPU", "reboot the node", "drain P2P", "drain and reset", "restart IMEX");

    private GpuChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D25, GpuChecks::mig),
                new Check(Row.D26, GpuChecks::computeMode),
                new Check(Row.D29, GpuChecks::lost),
                new Check(Row.D31, GpuChecks::memoryErrors),
                new Check(Row.D32, GpuChecks::recovery),
                new Check(Row.D33, GpuChecks::persistence),
                new Check(Row.D46, GpuChecks::throttle));
    }

    /** What {@code look} says of each GPU of which it says something, with the GPU's label before it. */
    static List<String> each(Evidence evidence, Function<Gpu, Optional<String>> look) {
        List<String> seen = new ArrayList<>();
        for (Gpu gpu : evidence.gpus()) {
            look.apply(gpu).ifPresent(words -> seen.add(gpu.label() + ": " + words));
        }
        return seen;
    }

    private static boolean nobodySays(Evidence evidence, String key) {
        return evidence.gpus().stream().allMatch(gpu -> gpu.facts().text(key).isEmpty());
    }

    static Finding judge(Evidence evidence, String key, List<String> bad, String well, Finding found) {
        if (!bad.isEmpty()) {
            return found;
        }
        if (nobodySays(evidence, key)) {
            return Finding.skipped("these GPUs or this driver do not say");
        }
        List<String> silent = evidence.gpus().stream()
                .filter(gpu -> gpu.facts().text(key).isEmpty())
                .map(Gpu::label)
                .toList();
        return Finding.ok(silent.isEmpty() ? well : well + "; not known of " + Finding.join(silent));
    }

    private static Finding mig(Evidence evidence) {
        List<String> on = each(evidence, gpu -> gpu.facts().is("mig", 1) ? Optional.of("MIG is on") : Optional.empty());
        return judge(
                evidence,
                "mig",
                on,
                "MIG is off",
                Finding.fail(
                        Finding.join(on),
                        "MIG off: between MIG devices there is no peer access",
                        "nvidia-smi -i N -mig 0, then nvidia-smi --gpu-reset -i N"));
    }

    private static Finding computeMode(Evidence evidence) {
        List<String> bad = each(evidence, gpu -> {
            if (gpu.facts().is("compute_mode", PROHIBITED)) {
                return Optional.of("compute mode Prohibited");
            }
            List<String> holders = gpu.facts().list("processes");
            return gpu.facts().is("compute_mode", EXCLUSIVE) && !holders.isEmpty()
                    ? Optional.of("compute mode Exclusive_Process, and pid "
                            + holders.getFirst().split(":", -1)[0] + " has it")
                    : Optional.empty();
        });
        return judge(
                evidence,
                "compute_mode",
                bad,
                "no GPU is closed to a new process",
                Finding.fail(
                        Finding.join(bad), "compute mode Default", "nvidia-smi -i N -c DEFAULT, or end the process"));
    }

    private static Finding lost(Evidence evidence) {
        List<String> bad = new ArrayList<>(each(
                evidence,
                gpu -> gpu.facts().is("lost", GPU_IS_LOST)
                        ? Optional.of("has fallen off the bus")
                        : gpu.facts().number("error").map(code -> "NVML does not give it, error " + code)));
        List<String> listed = evidence.gpus().stream()
                .flatMap(gpu -> gpu.facts().text("pci").stream())
                .toList();
        if (listed.size() == evidence.gpus().size()) {
            // NVML lists only those whose device file this process may open: the others are another job's or
            // container's.
            HostFiles files = evidence.host().files();
            evidence.pci().stream()
                    .filter(gpu -> !listed.contains(gpu.address()))
                    .filter(gpu -> gpu.node(files).filter(files::usable).isPresent())
                    .forEach(gpu -> bad.add(gpu.address() + " is on the PCI bus and not in NVML"));
        }
        return bad.isEmpty()
                ? Finding.ok("every GPU answers")
                : Finding.fail(
                        Finding.join(bad),
                        "every GPU of the PCI bus in NVML",
                        "dmesg | grep Xid (79: power, riser, heat); reboot, and replace it if it comes back");
    }

    private static Finding memoryErrors(Evidence evidence) {
        List<String> fatal = each(evidence, gpu -> {
            List<String> words = new ArrayList<>();
            gpu.facts()
                    .number("ecc_uncorrected")
                    .filter(count -> count > 0)
                    .ifPresent(count -> words.add(count + " uncorrectable ECC errors since the driver was loaded"));
            if (gpu.facts().above("remap_pending", 0)) {
                words.add("a row remap is pending: reset");
            }
            if (gpu.facts().above("remap_failed", 0)) {
                words.add("a row remap has failed: replace the GPU");
            }
            if (gpu.facts().above("retired_pending", 0)) {
                words.add("a page retirement is pending: reset");
            }
            return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
        });
        return judge(
                evidence,
                "ecc_uncorrected",
                fatal,
                "no uncorrectable error, no remap pending",
                Finding.fail(
                        Finding.join(fatal), "none", "nvidia-smi --gpu-reset -i N after all its users have ended"));
    }

    private static Finding recovery(Evidence evidence) {
        List<String> bad = each(
                evidence,
                gpu -> gpu.facts()
                        .number("recovery")
                        .filter(action -> action > 0)
                        .map(action -> "the driver asks: "
                                + (action < RECOVERY.size() ? RECOVERY.get(action.intValue()) : "action " + action)));
        return judge(
                evidence,
                "recovery",
                bad,
                "the driver asks for nothing",
                Finding.fail(
                        Finding.join(bad),
                        "no recovery action",
                        "nvidia-smi --gpu-reset -i N, or reboot, as the driver asks"));
    }

    private static Finding persistence(Evidence evidence) {
        List<String> off = each(
                evidence,
                gpu -> gpu.facts().is("persistence", 0) ? Optional.of("persistence is off") : Optional.empty());
        boolean daemon = hasProcess(evidence.host().files(), "nvidia-persiste");
        return daemon
                ? Finding.ok("nvidia-persistenced runs")
                : judge(
                        evidence,
                        "persistence",
                        off,
                        "persistence is on",
                        Finding.warn(
                                Finding.join(off),
                                "persistence: else each start waits seconds for the GPUs to wake up",
                                "systemctl enable --now nvidia-persistenced"));
    }

    /** Whether a process of that name runs here; the kernel keeps 15 characters. */
    static boolean hasProcess(HostFiles files, String name) {
        return processes(files, name).findAny().isPresent();
    }

    /** The processes of that name. */
    static Stream<ProcStat> processes(HostFiles files, String name) {
        return files.names("/proc").stream()
                .filter(pid -> pid.matches("[0-9]{1,18}"))
                .flatMap(
                        pid -> files
                                .line("/proc/" + pid + "/stat")
                                .flatMap(line -> ProcStat.parse(Long.parseLong(pid), line))
                                .stream())
                .filter(stat -> stat.name().startsWith(name));
    }

    private static Finding throttle(Evidence evidence) {
        List<String> slow = each(
                evidence,
                gpu -> gpu.facts()
                        .number("clock_reasons")
                        .map(ThrottleReasons::words)
                        .filter(words -> !words.isEmpty()));
        return judge(
                evidence,
                "clock_reasons",
                slow,
                "no GPU is slowed down",
                Finding.warn(
                        Finding.join(slow),
                        "no slowdown",
                        "nvidia-smi -q -d PERFORMANCE; check power supply, fans and heat"));
    }
}
