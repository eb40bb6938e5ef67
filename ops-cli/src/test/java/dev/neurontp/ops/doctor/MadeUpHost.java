package dev.neurontp.ops.doctor;

import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.DiskSpace;
import dev.neurontp.ops.doctor.host.Host;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A healthy host with eight GPUs and NVSwitches in a folder. A test makes it ill. */
final class MadeUpHost {
    private static final long GIB = 1L << 30;
    static final int GPUS = 8;
    /** The seconds since its boot. */
    static final double NOW = 100_000;

    final Path root;
    final Map<String, String> environment = new HashMap<>();
    final Map<String, String> nvml = new HashMap<>();
    final Map<String, String> cuda = new HashMap<>();
    Optional<DiskSpace> shm = Optional.of(new DiskSpace(64 * GIB, 60 * GIB));
    List<String> interfaces = List.of("lo", "eno1");
    KernelLog.Reading log = new KernelLog.Reading.Lines(List.of("[   10.5] NVRM: loading NVIDIA UNIX x86_64"), 0, NOW);
    Wanted wanted = new Wanted(GPUS, List.of(), true, true, false);
    Optional<String> nvmlHang = Optional.empty();
    Optional<String> fabricManager = Optional.of("550.90.07");

    MadeUpHost(Path root) {
        this.root = root;
        for (int i = 0; i < GPUS; i++) {
            String device = "/sys/bus/pci/devices/0000:0" + (i + 1) + ":00.0";
            write(device + "/vendor", "0x10de");
            write(device + "/class", "0x030200");
            link(device + "/driver", "../../drivers/nvidia");
            write(device + "/iommu_group/type", "identity");
            write(device + "/numa_node", i < GPUS / 2 ? "0" : "1");
            gpuNode("0000:0" + (i + 1) + ":00.0", i);
        }
        write("/sys/bus/pci/devices/0000:00:01.0/class", "0x060400");
        writeBridge(false);
        write("/dev/nvidiactl", "");
        write("/dev/nvidia-uvm", "");
        write(
                "/proc/driver/nvidia/version",
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri May 31 09:35:42 UTC 2024");
        write("/proc/driver/nvidia-nvswitch/devices/0000:80:00.0", "");
        write("/usr/lib64/libcuda.so.550.90.07", "");
        link("/usr/lib64/libcuda.so.1", "libcuda.so.550.90.07");
        write("/usr/lib64/libnvidia-ml.so.550.90.07", "");
        link("/usr/lib64/libnvidia-ml.so.1", "libnvidia-ml.so.550.90.07");
        write("/usr/lib64/libnccl.so.2", "...NCCL version 2.28.9+cuda12.8...");
        process(900, "nv-fabricmanage", 1, 900, "nv-fabricmanager\0-c\0x");
        process(901, "nvidia-persiste", 1, 901, "nvidia-persistenced\0");
        write("/proc/cpuinfo", "processor : 0\nflags : fpu vme");
        write("/proc/cmdline", "BOOT_IMAGE=/vmlinuz");
        write("/proc/meminfo", "MemTotal: 2000000000 kB\nMemAvailable:   1900000000 kB\n");
        write("/proc/uptime", "100000.00 1.0");
        limits("unlimited", "8388608", "1048576");
        write("/proc/self/status", "Name:\ttpctl\nUid:\t1000\t1000\t1000\t1000\nMems_allowed_list:\t0-1\n");
        write("/proc/self/cgroup", "0::/user.slice/a\n");
        write("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids");
        write("/sys/fs/cgroup/user.slice/a/pids.max", "max");
        write("/sys/fs/cgroup/user.slice/pids.max", "90000");
        write("/sys/fs/cgroup/user.slice/pids.current", "300");
        write("/run/systemd/system/x", "");
        write("/etc/systemd/logind.conf", "[Login]\nRemoveIPC=no\n");
        write("/sys/class/iommu/dmar0", "");
        write("/sys/class/net/eno1/operstate", "up");
        write("/sys/class/net/lo/operstate", "unknown");
        write("/sys/class/infiniband/mlx5_0", "");
        write("/sys/module/nvidia_peermem/version", "550.90.07");
        write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
        write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", "acpi-cpufreq");
        nvml.put("open./dev/nvidiactl", "ok");
        nvml.put("mempolicy", "ok");
        cuda.putAll(Map.of("nccl", "2.28.9", "nccl_library", "libnccl.so.2", "cuda", "12.8", "devices", "8"));
    }

    /** The device file of the GPU at that address. */
    void gpuNode(String address, int minor) {
        write("/proc/driver/nvidia/gpus/" + address + "/information", "Model: \t X\nDevice Minor: \t " + minor + "\n");
        write("/dev/nvidia" + minor, "");
        nvml.put("open./dev/nvidia" + minor, "ok");
    }

    /** NVML says nothing of a fabric, as an old driver. */
    void hideFabric() {
        for (int i = 0; i < GPUS; i++) {
            nvml.put("gpu." + i + ".fabric_state", "");
        }
    }

    /** A control group keeps that device file from this process: it is there, and access(2) refuses it to root too. */
    void refuse(String node) {
        link(node, "nowhere");
        nvml.put("open." + node, node + ": Operation not permitted");
    }

    void limits(String memlock, String stack, String files) {
        write("/proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max stack size            %s %s bytes
                Max open files            %s %s files
                Max locked memory         %s %s bytes
                """.formatted(stack, stack, files, files, memlock, memlock));
    }

    void process(long pid, String name, long parent, long session, String command) {
        process(pid, name, parent, session, command, 5000);
    }

    /** {@code start} is in ticks since boot. */
    void process(long pid, String name, long parent, long session, String command, long start) {
        write(
                "/proc/" + pid + "/stat",
                pid + " (" + name + ") S " + parent + " " + pid + " " + session
                        + " 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 " + start + " 1 1");
        write("/proc/" + pid + "/cmdline", command);
        write("/proc/" + pid + "/status", "Name:\tx\nUid:\t1001\t1001\t1001\t1001\n");
        link("/proc/" + pid + "/fd/0", "/dev/null");
    }

    /** That process has a GPU open and a leader's mark, on a host whose boot is 1b-2c and where pids of pid:[1] count. */
    void rankOf(long pid, String mark, String namespace) {
        write("/proc/sys/kernel/random/boot_id", "1b-2c\n");
        link("/proc/self/ns/pid", "pid:[1]");
        write("/proc/" + pid + "/environ", "A=b\0NEURONTP_PROCESS_MARK=" + mark + "\0C=d\0");
        link("/proc/" + pid + "/ns/pid", namespace);
        link("/proc/" + pid + "/fd/7", "/dev/nvidia-uvm");
    }

    /** A rank that has got SIGKILL: all its threads have obeyed but one, which shows what it has. */
    void heldByTheDriver(long pid, String mark, String namespace) {
        String behind = " 1 4712 4712 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 2 0 5000 1 1";
        write("/proc/" + pid + "/stat", pid + " (neuron) Z" + behind);
        String thread = "/proc/" + pid + "/task/" + (pid + 1);
        write(thread + "/stat", (pid + 1) + " (neuron) D" + behind);
        write(thread + "/cmdline", "neuron\0");
        write("/proc/sys/kernel/random/boot_id", "1b-2c\n");
        link("/proc/self/ns/pid", "pid:[1]");
        write(thread + "/environ", "A=b\0NEURONTP_PROCESS_MARK=" + mark + "\0C=d\0");
        link(thread + "/ns/pid", namespace);
        link(thread + "/fd/7", "/dev/nvidia-uvm");
    }

    void writeBridge(boolean acs) {
        byte[] config = new byte[0x200];
        config[0x100] = 0x01;
        config[0x103] = 0x15; // the next capability is at 0x150
        config[0x150] = 0x0D;
        config[0x156] = (byte) (acs ? 0x1D : 0);
        try {
            Files.write(file("/sys/bus/pci/devices/0000:00:01.0/config"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        return file;
    }

    void write(String path, String text) {
        try {
            Files.writeString(file(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void link(String path, String target) {
        try {
            Files.deleteIfExists(file(path));
            Files.createSymbolicLink(file(path), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String path) {
        try {
            Files.delete(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With what NVML has said before this host's own lines. */
    Evidence evidence(Facts answered) {
        Map<String, String> lines = new HashMap<>(answered.values());
        lines.putAll(nvml);
        nvml.forEach((key, value) -> {
            if (value.isBlank()) {
                lines.remove(key);
            }
        });
        return new Evidence(
                new Host(new HostFiles(root), environment, shm, interfaces, log, fabricManager),
                wanted,
                answer(lines, nvmlHang),
                answer(cuda, Optional.empty()));
    }

    private static Answer answer(Map<String, String> lines, Optional<String> hang) {
        return new Answer(
                new Facts(lines), Optional.ofNullable(lines.get("problem")).or(() -> hang), hang);
    }
}
