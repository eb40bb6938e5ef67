package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelDriver;
import dev.neurontp.ops.doctor.host.PciGpu;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a driver is there, is loaded, answers, and may be used by this process. */
final class DriverChecks {
    private static final long DRIVER_NOT_LOADED = 9;
    private static final long OPERATING_SYSTEM = 17;
    private static final long UNKNOWN = 999;

    private DriverChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D00, DriverChecks::gpus),
                new Check(Row.D01, DriverChecks::loaded),
                new Check(Row.D38, DriverChecks::nodes),
                new Check(Row.D39, DriverChecks::access));
    }

    private static Finding gpus(Evidence evidence) {
        Optional<String> hang = evidence.nvml().hang().map(where -> "the process that asks NVML: " + where);
        hang = hang.or(() -> evidence.cuda().hang().map(where -> "the process that asks CUDA and NCCL: " + where));
        if (hang.isPresent()) {
            return Finding.hung(
                    hang.get(),
                    "an answer of the driver within "
                            + Durations.time(DriverProbes.bound(evidence.pci().size())),
                    "dmesg | grep -i -e nvrm -e xid; if a thread stays in state D, only a reboot helps; if persistence is off"
                            + " (D33), nvidia-smi -pm 1, and try again");
        }
        if (!evidence.anyGpu()) {
            String seen = "no NVIDIA GPU on this host: none on the PCI bus, in /dev or in NVML";
            return evidence.wanted().nccl() && evidence.wanted().said()
                    ? Finding.fail(seen, "GPUs for a pool over NCCL", "tpctl up --communicator loopback needs none")
                    : Finding.skipped(seen);
        }
        List<String> seen = new ArrayList<>();
        seen.add(evidence.pci().size() + " on the PCI bus");
        evidence.nvml().facts().number("count").ifPresent(count -> seen.add(count + " in NVML"));
        evidence.cuda().facts().number("devices").ifPresent(count -> seen.add(count + " visible to CUDA"));
        return Finding.ok(String.join(", ", seen));
    }

    private static Finding loaded(Evidence evidence) {
        HostFiles files = evidence.host().files();
        Optional<String> version = KernelDriver.version(files);
        boolean denied = evidence.nvml().facts().is("init", DRIVER_NOT_LOADED);
        if (version.isPresent() && !denied) {
            return Finding.ok("kernel module " + version.get());
        }
        if (files.exists("/dev/dxg")) {
            return Finding.skipped("the driver is Windows', of the Subsystem for Linux");
        }
        List<PciGpu> pci = evidence.pci();
        if (pci.isEmpty() && !denied) {
            return Finding.skipped("no NVIDIA GPU on the PCI bus, and no driver is loaded");
        }
        String others = String.join(
                ", ",
                pci.stream()
                        .map(gpu -> gpu.address() + " has "
                                + gpu.driver().map(name -> "driver " + name).orElse("no driver"))
                        .toList());
        return Finding.fail(
                "no NVIDIA kernel module is loaded" + (others.isEmpty() ? "" : ": " + others),
                "/proc/driver/nvidia/version",
                "modprobe nvidia; where that fails install the driver, and see dmesg for nouveau or Secure Boot");
    }

    private static Finding nodes(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (KernelDriver.version(files).isEmpty()) {
            return Finding.skipped("no driver is loaded (D01)");
        }
        List<String> gpus = DeviceNodes.gpus(files);
        List<String> problems = new ArrayList<>();
        List<String> wanted = new ArrayList<>(List.of(DeviceNodes.CONTROL, DeviceNodes.UVM));
        if (gpus.isEmpty()) {
            problems.add("there is no /dev/nvidia0");
        }
        wanted.addAll(gpus);
        wanted.removeAll(DeviceNodes.othersGpus(files));
        for (String node : wanted) {
            if (!files.exists(node)) {
                problems.add(node + " is not there");
            } else if (!files.usable(node)) {
                problems.add("this user may not read and write " + node);
            }
        }
        return problems.isEmpty()
                ? Finding.ok(DeviceNodes.usableGpus(files).size() + " GPU device files, " + DeviceNodes.CONTROL + ", "
                        + DeviceNodes.UVM + DeviceNodes.others(files))
                : Finding.fail(
                        Finding.join(problems),
                        "/dev/nvidia0 ..., nvidiactl and nvidia-uvm, read and write",
                        "nvidia-modprobe -c 0 -u; in a container: docker run --gpus all");
    }

    private static Finding access(Evidence evidence) {
        HostFiles files = evidence.host().files();
        List<String> others = DeviceNodes.othersGpus(files);
        List<String> refused = evidence.nvml().facts().below("open.").values().entrySet().stream()
                .filter(node -> !node.getValue().equals("ok"))
                .filter(node -> !others.contains(node.getKey()))
                .map(node -> node.getKey() + ": " + node.getValue())
                .sorted()
                .toList();
        Optional<Long> init = evidence.nvml().facts().number("init");
        boolean broken =
                init.filter(code -> code == OPERATING_SYSTEM || code == UNKNOWN).isPresent();
        if (refused.isEmpty() && !broken) {
            return evidence.nvml().facts().below("open.").values().isEmpty()
                    ? Finding.skipped("there are no device files to open")
                    : Finding.ok("the device files can be opened" + DeviceNodes.others(files));
        }
        List<String> seen = new ArrayList<>(refused);
        if (broken) {
            seen.add("nvmlInit returned " + init.get());
        }
        return Finding.fail(
                Finding.join(seen),
                "device files that this process may open",
                "restart the container: its device rules are lost after systemctl daemon-reload"
                        + " (on the host: nvidia-ctk system create-dev-char-symlinks --create-all)");
    }
}
