package dev.neurontp.ops.doctor.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a GPU shows while it works: its link, its clock. An idle one lowers both, and is judged by neither. */
final class LoadChecks {
    /** Percent of the time in which a kernel ran. */
    private static final long BUSY = 50;

    /** DCGM's own bound for one run of its diagnostics. */
    private static final long MOST_REPLAYS = 80;

    private static final long APPLICATION_CLOCKS = 0x2;

    /** Of the highest clock; power alone takes less away. */
    private static final double LEAST_CLOCK = 0.5;

    private LoadChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D44, LoadChecks::link),
                new Check(Row.D45, LoadChecks::replays),
                new Check(Row.D47, LoadChecks::clocks),
                new Check(Row.D42, LoadChecks::memoryPolicy),
                new Check(Row.D52, LoadChecks::confidential));
    }

    private static boolean busy(Gpu gpu) {
        return gpu.facts().above("busy", BUSY);
    }

    private static String load(Evidence evidence) {
        long busy = evidence.gpus().stream().filter(LoadChecks::busy).count();
        return busy == 0 ? "; no GPU is busy, so that says nothing of the generation" : "; " + busy + " GPUs are busy";
    }

    private static Finding link(Evidence evidence) {
        List<String> narrow = GpuChecks.each(evidence, gpu -> {
            List<String> words = new ArrayList<>();
            less(gpu, "pcie_width").ifPresent(pair -> words.add("x" + pair.seen + " of x" + pair.most));
            less(gpu, "pcie_generation")
                    .filter(_ -> busy(gpu))
                    .ifPresent(pair -> words.add("generation " + pair.seen + " of " + pair.most + " under load"));
            return words.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", words));
        });
        return GpuChecks.judge(
                evidence,
                "pcie_width",
                narrow,
                "every GPU has its full PCIe width" + load(evidence),
                Finding.warn(
                        Finding.join(narrow),
                        "the full width, and under load the full generation",
                        "lspci -vv -s ADDRESS | grep LnkSta; reseat the GPU, check riser and bifurcation"));
    }

    private record Pair(long seen, long most) {}

    private static Optional<Pair> less(Gpu gpu, String key) {
        Optional<Long> seen = gpu.facts().number(key);
        Optional<Long> most = gpu.facts().number(key + "_max");
        return seen.isPresent() && most.isPresent() && seen.get() < most.get()
                ? Optional.of(new Pair(seen.get(), most.get()))
                : Optional.empty();
    }

    private static Finding replays(Evidence evidence) {
        List<String> many = GpuChecks.each(
                evidence,
                gpu -> gpu.facts()
                        .number("pcie_replays")
                        .filter(count -> count > MOST_REPLAYS)
                        .map(count -> count + " PCIe replays since the driver was loaded"));
        return GpuChecks.judge(
                evidence,
                "pcie_replays",
                many,
                "at most " + MOST_REPLAYS + " PCIe replays on every GPU",
                Finding.warn(
                        Finding.join(many),
                        "at most " + MOST_REPLAYS + ", and no rise from one look to the next",
                        "look again under load; where they rise reseat the GPU, check riser and cable"));
    }

    private static Finding clocks(Evidence evidence) {
        List<String> slow = GpuChecks.each(evidence, gpu -> {
            if (gpu.facts()
                    .number("clock_reasons")
                    .filter(bits -> (bits & APPLICATION_CLOCKS) != 0)
                    .isPresent()) {
                return Optional.of("the clock is held by a setting of application clocks");
            }
            return less(gpu, "sm_clock")
                    .filter(pair -> busy(gpu) && pair.seen < LEAST_CLOCK * pair.most)
                    .map(pair -> pair.seen + " of " + pair.most + " MHz under load");
        });
        return GpuChecks.judge(
                evidence,
                "sm_clock",
                slow,
                "no clock is held down" + load(evidence).replace("the generation", "the clock"),
                Finding.warn(
                        Finding.join(slow),
                        "no setting, and under load half of the highest clock or more",
                        "nvidia-smi -rac and nvidia-smi -rgc give the clocks back; nvidia-smi -q -d CLOCK"));
    }

    /** NCCL asks for it when it takes memory of the host; the seccomp filter of a container refuses it. */
    private static Finding memoryPolicy(Evidence evidence) {
        Optional<String> answer = evidence.nvml().facts().text("mempolicy");
        if (answer.isEmpty()) {
            return Finding.skipped("get_mempolicy could not be called on this system");
        }
        boolean off = evidence.host()
                .variable("NCCL_CUMEM_HOST_ENABLE")
                .filter("0"::equals)
                .isPresent();
        return answer.get().equals("ok") || off
                ? Finding.ok(off ? "NCCL_CUMEM_HOST_ENABLE=0" : "get_mempolicy works")
                : Finding.warn(
                        "get_mempolicy fails: " + answer.get(),
                        "the system call, else NCCL 2.26.3 and later may place host memory differently on each rank",
                        "docker run --cap-add SYS_NICE, or NCCL_CUMEM_HOST_ENABLE=0 on all ranks");
    }

    private static Finding confidential(Evidence evidence) {
        Optional<Long> on = evidence.nvml().facts().number("confidential");
        if (on.isEmpty()) {
            return Finding.skipped("this driver does not say");
        }
        if (on.get() == 0) {
            return Finding.ok("confidential computing is off");
        }
        Optional<Long> many = evidence.nvml().facts().number("confidential_multi_gpu");
        return evidence.ranks() < 2 || many.filter(mode -> mode > 0).isPresent()
                ? Finding.ok("confidential computing is on"
                        + (many.isPresent() ? ", mode for several GPUs " + many.get() : ""))
                : Finding.fail(
                        "confidential computing is on without a mode for several GPUs, and the pool has "
                                + evidence.ranks() + " ranks",
                        "Protected PCIe, or confidential computing off: there is no peer access otherwise",
                        "nvidia-smi conf-compute -grs and -mgm say how it is set; it is changed with gpu-admin-tools and a reset");
    }
}
