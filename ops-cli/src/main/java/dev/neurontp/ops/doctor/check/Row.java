package dev.neurontp.ops.doctor.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The rows of the doctor, in the order of its report. A number never changes its meaning; the gaps are rows that this
 * version does not have.
 */
public enum Row {
    D00("gpus", Needs.FILES),
    D01("driver", Needs.GPU),
    D02("versions", Needs.GPU),
    D03("compat", Needs.GPU),
    D04("cuda", Needs.CUDA),
    D05("fabric", Needs.GPU),
    D06("fmversion", Needs.GPU),
    D08("nvls", Needs.NVML),
    D09("nvlink", Needs.NVML),
    D10("linkerrors", Needs.NVML),
    D11("shm", Needs.GPU),
    D12("stale", Needs.GPU),
    D13("removeipc", Needs.GPU),
    D15("acs", Needs.GPU),
    D16("iommu", Needs.GPU),
    D17("p2p", Needs.NVML),
    D19("variables", Needs.GPU),
    D20("interface", Needs.GPU),
    D22("twice", Needs.GPU),
    D23("visible", Needs.GPU),
    D24("order", Needs.NVML),
    D25("mig", Needs.NVML),
    D26("mode", Needs.NVML),
    D27("orphans", Needs.GPU),
    D28("memory", Needs.NVML),
    D29("lost", Needs.NVML),
    D30("xid", Needs.GPU),
    D31("ecc", Needs.NVML),
    D32("recovery", Needs.NVML),
    D33("persistence", Needs.NVML),
    D34("memlock", Needs.GPU),
    D35("nofile", Needs.FILES),
    D36("stack", Needs.GPU),
    D37("cgroup", Needs.FILES),
    D38("nodes", Needs.GPU),
    D39("access", Needs.NVML),
    D40("nvml", Needs.GPU),
    D41("cuinit", Needs.CUDA),
    D42("mempolicy", Needs.NVML),
    D43("nccl", Needs.GPU),
    D44("pcie", Needs.NVML),
    D45("replays", Needs.NVML),
    D46("throttle", Needs.NVML),
    D47("clocks", Needs.NVML),
    D48("numa", Needs.NVML),
    D49("governor", Needs.FILES),
    D50("peermem", Needs.GPU),
    D51("imex", Needs.GPU),
    D52("confcompute", Needs.NVML),
    D53("ram", Needs.FILES);

    private final String title;
    private final Needs needs;

    Row(String title, Needs needs) {
        this.title = title;
        this.needs = needs;
    }

    /** What a row cannot be looked at without. */
    public enum Needs {
        /** Files of the host. */
        FILES,
        /** Files of the host; says something only where there is a GPU. */
        GPU,
        /** An answer of NVML. */
        NVML,
        /** An answer of the CUDA driver. */
        CUDA
    }

    /** Its short name. */
    public String title() {
        return title;
    }

    public Needs needs() {
        return needs;
    }

    /** The row with that id, in upper or lower case, or with that short name. */
    public static Optional<Row> named(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(row -> row.name().equals(name)
                        || row.title.toUpperCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
