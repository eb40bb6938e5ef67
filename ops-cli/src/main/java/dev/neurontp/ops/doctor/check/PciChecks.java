package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.PciBridge;
import dev.neurontp.ops.doctor.host.PciGpu;
import java.util.List;
import java.util.Optional;

/** What stands between the GPUs: bridges, the IOMMU, the CPU, and modules that let a network card reach a GPU. */
final class PciChecks {
    private PciChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D15, PciChecks::acs),
                new Check(Row.D16, PciChecks::iommu),
                new Check(Row.D49, PciChecks::governor),
                new Check(Row.D50, PciChecks::peermem));
    }

    private static Finding acs(Evidence evidence) {
        if (evidence.host().virtualMachine()) {
            return Finding.skipped("a virtual machine: its hypervisor needs ACS");
        }
        List<PciBridge> bridges = PciBridge.of(evidence.host().files());
        if (bridges.isEmpty()) {
            return Finding.skipped("no PCI bridge is to be seen");
        }
        if (bridges.stream().allMatch(bridge -> bridge.sourceValidation().isEmpty())) {
            return Finding.skipped("the configuration of PCI bridges is for root only: run it as root");
        }
        List<String> on = bridges.stream()
                .filter(bridge -> bridge.sourceValidation().orElse(false))
                .map(PciBridge::address)
                .toList();
        return on.isEmpty()
                ? Finding.ok("ACS is off at " + bridges.size() + " bridges")
                : Finding.warn(
                        "ACS is on at " + Finding.join(on)
                                + ": traffic between GPUs goes through the CPU, and may hang",
                        "ACS off on bare metal",
                        "switch it off in the BIOS, or at each boot: setpci -s " + on.getFirst()
                                + " ECAP_ACS+0x6.w=0000");
    }

    private static Finding iommu(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (evidence.host().virtualMachine()) {
            return Finding.skipped("a virtual machine: the IOMMU is the hypervisor's");
        }
        if (files.names("/sys/class/iommu").isEmpty()) {
            return Finding.ok("no IOMMU is on");
        }
        List<String> translated = evidence.pci().stream()
                .map(PciGpu::address)
                .filter(address -> files.line("/sys/bus/pci/devices/" + address + "/iommu_group/type")
                        .filter(type -> type.startsWith("DMA"))
                        .isPresent())
                .toList();
        boolean passThrough = files.line("/proc/cmdline")
                .filter(line -> line.contains("iommu=pt") || line.contains("iommu.passthrough=1"))
                .isPresent();
        return translated.isEmpty() || passThrough
                ? Finding.ok("the IOMMU does not translate for the GPUs")
                : Finding.warn(
                        "the IOMMU translates for " + Finding.join(translated),
                        "pass-through, else traffic between GPUs is slow or hangs",
                        "add iommu=pt to the kernel's command line and reboot");
    }

    private static Finding governor(Evidence evidence) {
        HostFiles files = evidence.host().files();
        Optional<String> governor = files.line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
        String driver = files.line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver")
                .orElse("");
        if (governor.isEmpty()) {
            return Finding.skipped("this kernel does not scale the CPU's clock, or does not say");
        }
        // In these drivers powersave is the usual, dynamic policy.
        boolean dynamic = driver.equals("intel_pstate") || driver.startsWith("amd-pstate");
        String seen = "governor " + governor.get() + (driver.isEmpty() ? "" : " of " + driver);
        return governor.get().equals("powersave") && !dynamic
                ? Finding.warn(
                        seen + ": the CPU stays at its lowest clock",
                        "performance",
                        "cpupower frequency-set -g" + " performance")
                : Finding.ok(seen);
    }

    private static Finding peermem(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (files.names("/sys/class/infiniband").isEmpty()) {
            return Finding.ok("no InfiniBand that would need it");
        }
        boolean open = files.text("/proc/driver/nvidia/version")
                .filter(text -> text.contains("Open Kernel Module"))
                .isPresent();
        return open || files.exists("/sys/module/nvidia_peermem")
                ? Finding.ok(open ? "open kernel modules: DMA-BUF" : "nvidia_peermem is loaded")
                : Finding.warn(
                        "InfiniBand, and nvidia_peermem is not loaded: no GPUDirect RDMA",
                        "nvidia_peermem, or the open kernel modules",
                        "modprobe nvidia-peermem");
    }
}
