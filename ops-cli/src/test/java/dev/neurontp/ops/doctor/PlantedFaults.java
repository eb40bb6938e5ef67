package dev.neurontp.ops.doctor;

import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.ops.doctor.host.DiskSpace;
import dev.neurontp.ops.doctor.host.KernelLog;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Faults of a host, each with the row that must find it. */
final class PlantedFaults {
    private static final long MIB = 1L << 20;

    private PlantedFaults() {}

    /** A fault of the host's files, its environment or what CUDA says. */
    record OfFiles(String name, Row row, Level level, Consumer<MadeUpHost> plant) {
        @Override
        public String toString() {
            return row + " " + name;
        }
    }

    /** A state of the simulated NVML, and a part of what is then seen. */
    record OfNvml(String state, Row row, Level level, String said) {}

    static Stream<OfFiles> ofFiles() {
        return Stream.of(
                new OfFiles("nouveau", Row.D01, Level.FAIL, host -> {
                    host.remove("/proc/driver/nvidia/version");
                    host.nvml.put("init", "9");
                }),
                new OfFiles("new libraries", Row.D02, Level.FAIL, host -> {
                    host.write("/usr/lib64/libcuda.so.550.107.02", "");
                    host.link("/usr/lib64/libcuda.so.1", "libcuda.so.550.107.02");
                }),
                new OfFiles("cuInit 803", Row.D02, Level.FAIL, host -> host.cuda.put("problem", cuInit(803))),
                new OfFiles("compat", Row.D03, Level.WARN, host -> {
                    host.write("/usr/local/cuda/compat/libcuda.so.1", "");
                    host.environment.put("LD_LIBRARY_PATH", host.root + "/usr/local/cuda/compat");
                }),
                new OfFiles("cuInit 804", Row.D03, Level.FAIL, host -> host.cuda.put("problem", cuInit(804))),
                new OfFiles(
                        "built for CUDA 13",
                        Row.D04,
                        Level.FAIL,
                        host -> host.write(
                                "/usr/lib64/libnccl.so.2", "x".repeat(3_000_000) + "NCCL version 2.28.9+cuda13.0")),
                new OfFiles("no fabric manager", Row.D05, Level.FAIL, host -> {
                    host.remove("/proc/900/stat");
                    host.hideFabric();
                }),
                new OfFiles("cuInit 802", Row.D05, Level.FAIL, host -> host.cuda.put("problem", cuInit(802))),
                new OfFiles("fabric manager of another version", Row.D06, Level.FAIL, host -> {
                    host.hideFabric();
                    host.fabricManager = Optional.of("550.54.15");
                }),
                new OfFiles(
                        "fabric manager of another version, switches that the driver does not show",
                        Row.D06,
                        Level.FAIL,
                        host -> {
                            host.remove("/proc/driver/nvidia-nvswitch/devices/0000:80:00.0");
                            host.fabricManager = Optional.of("550.54.15");
                        }),
                new OfFiles("fabric manager restarted under a user", Row.D08, Level.WARN, host -> {
                    host.process(900, "nv-fabricmanage", 1, 900, "nv-fabricmanager\0", 9000);
                    host.process(4713, "python3", 80, 4713, "python3\0train.py\0", 8000);
                    host.link("/proc/4713/fd/7", "/dev/nvidia1");
                }),
                new OfFiles("left in shm", Row.D12, Level.WARN, host -> host.write("/dev/shm/nccl-a1B2c3", "xyz")),
                new OfFiles(
                        "docker's shm",
                        Row.D11,
                        Level.FAIL,
                        host -> host.shm = Optional.of(new DiskSpace(64 * MIB, 64 * MIB))),
                new OfFiles("no shm", Row.D11, Level.FAIL, host -> host.shm = Optional.empty()),
                new OfFiles("RemoveIPC", Row.D13, Level.WARN, host -> host.write("/etc/systemd/logind.conf", "#x")),
                new OfFiles("ACS", Row.D15, Level.WARN, host -> host.writeBridge(true)),
                new OfFiles(
                        "IOMMU",
                        Row.D16,
                        Level.WARN,
                        host -> host.write("/sys/bus/pci/devices/0000:03:00.0/iommu_group/type", "DMA-FQ")),
                new OfFiles(
                        "debug variable", Row.D19, Level.WARN, host -> host.environment.put("NCCL_P2P_DISABLE", "1")),
                new OfFiles(
                        "nccl.conf",
                        Row.D19,
                        Level.WARN,
                        host -> host.write("/etc/nccl.conf", "# x\nNCCL_ALGO=Ring\n")),
                new OfFiles(
                        "no such interface",
                        Row.D20,
                        Level.FAIL,
                        host -> host.environment.put("NCCL_SOCKET_IFNAME", "eth7")),
                new OfFiles("interface is down", Row.D20, Level.FAIL, host -> {
                    host.environment.put("NCCL_SOCKET_IFNAME", "eno1");
                    host.write("/sys/class/net/eno1/operstate", "down");
                }),
                new OfFiles("veth", Row.D20, Level.WARN, host -> {
                    host.write("/sys/class/net/eno1/operstate", "down");
                    host.write("/sys/class/net/veth12/operstate", "up");
                    host.interfaces = List.of("lo", "eno1", "veth12");
                }),
                new OfFiles(
                        "--devices twice",
                        Row.D22,
                        Level.FAIL,
                        host -> host.wanted = new Wanted(0, List.of(0L, 0L), true, true, false)),
                new OfFiles(
                        "visible twice",
                        Row.D22,
                        Level.FAIL,
                        host -> host.environment.put("CUDA_VISIBLE_DEVICES", "0,0,1")),
                new OfFiles("too few visible", Row.D23, Level.FAIL, host -> {
                    host.environment.put("CUDA_VISIBLE_DEVICES", "0,1,99,3");
                    host.cuda.put("devices", "2");
                }),
                new OfFiles(
                        "no such device",
                        Row.D23,
                        Level.FAIL,
                        host -> host.wanted = new Wanted(0, List.of(0L, 8L), true, true, false)),
                new OfFiles("orphan", Row.D27, Level.FAIL, host -> {
                    host.process(4711, "VLLM::Worker", 1, 4000, "VLLM::Worker_TP1\0");
                    host.link("/proc/4711/fd/7", "/dev/nvidia1");
                }),
                new OfFiles("rank without a leader", Row.D27, Level.FAIL, host -> {
                    host.process(4712, "java", 80, 4712, "java\0--worker\0--rank\0001\0");
                    host.rankOf(4712, "1b-2c-4690-77-3", "pid:[1]");
                }),
                new OfFiles(
                        "rank without a leader, with one thread left that the driver holds",
                        Row.D27,
                        Level.FAIL,
                        host -> {
                            host.heldByTheDriver(4712, "1b-2c-4690-77-3", "pid:[1]");
                        }),
                new OfFiles("rank whose leader's pid is somebody else's now", Row.D27, Level.FAIL, host -> {
                    host.process(4712, "java", 80, 4712, "java\0--worker\0--rank\0001\0");
                    host.rankOf(4712, "1b-2c-4690-77-3", "pid:[1]");
                    host.process(4690, "cron", 1, 4690, "cron\0", 78);
                }),
                new OfFiles(
                        "Xid 79",
                        Row.D30,
                        Level.FAIL,
                        host -> host.log =
                                lines("[99990.1] NVRM: Xid (PCI:0000:1b:00): 79, pid=1, GPU has fallen off the bus")),
                new OfFiles("Xid 79 on a host that slept for days", Row.D30, Level.FAIL, host -> {
                    host.write("/proc/uptime", "400000.00 1.0");
                    host.log = lines("[99990.1] NVRM: Xid (PCI:0000:1b:00): 79, pid=1, GPU has fallen off the bus");
                }),
                new OfFiles(
                        "Xid 63",
                        Row.D30,
                        Level.WARN,
                        host -> host.log =
                                lines("kernel: [99990.1] NVRM: Xid (PCI:0000:1b:00): 63, pid=1, row remapped")),
                new OfFiles(
                        "SXid",
                        Row.D30,
                        Level.FAIL,
                        host -> host.log =
                                lines("[99990.1] nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 12028, Fatal, Link 3")),
                new OfFiles("memlock", Row.D34, Level.WARN, host -> host.limits("65536", "8388608", "4096")),
                new OfFiles("nofile", Row.D35, Level.WARN, host -> host.limits("unlimited", "8388608", "256")),
                new OfFiles("stack", Row.D36, Level.WARN, host -> {
                    host.cuda.put("nccl", "2.27.7");
                    host.limits("unlimited", "unlimited", "4096");
                }),
                new OfFiles(
                        "pids.max",
                        Row.D37,
                        Level.WARN,
                        host -> host.write("/sys/fs/cgroup/user.slice/pids.max", "700")),
                new OfFiles("no node for this user", Row.D38, Level.FAIL, host -> {
                    for (int i = 0; i < MadeUpHost.GPUS; i++) {
                        host.link("/dev/nvidia" + i, "nowhere");
                    }
                }),
                new OfFiles("a GPU that NVML does not list", Row.D29, Level.FAIL, host -> {
                    host.write("/sys/bus/pci/devices/0000:09:00.0/vendor", "0x10de");
                    host.write("/sys/bus/pci/devices/0000:09:00.0/class", "0x030200");
                    host.link("/sys/bus/pci/devices/0000:09:00.0/driver", "../../drivers/nvidia");
                    host.gpuNode("0000:09:00.0", 8);
                }),
                new OfFiles("no uvm node", Row.D38, Level.FAIL, host -> host.remove("/dev/nvidia-uvm")),
                new OfFiles(
                        "control group",
                        Row.D39,
                        Level.FAIL,
                        host -> host.nvml.put("open./dev/nvidiactl", "/dev/nvidiactl: Operation not permitted")),
                new OfFiles("control group refuses every GPU", Row.D39, Level.FAIL, host -> {
                    for (int i = 0; i < MadeUpHost.GPUS; i++) {
                        host.nvml.put("open./dev/nvidia" + i, "/dev/nvidia" + i + ": Operation not permitted");
                    }
                }),
                new OfFiles(
                        "the driver does not open a GPU",
                        Row.D39,
                        Level.FAIL,
                        host -> host.nvml.put("open./dev/nvidia4", "/dev/nvidia4: Input/output error")),
                new OfFiles("no NVML", Row.D40, Level.FAIL, host -> {
                    host.remove("/usr/lib64/libnvidia-ml.so.1");
                    host.nvml.put("library", "");
                    host.nvml.put("problem", "libnvidia-ml.so.1 is not there (looked at NEURON_NVML_LIBRARY)");
                }),
                new OfFiles("HMM", Row.D41, Level.FAIL, host -> {
                    host.write("/sys/module/nvidia_uvm/parameters/uvm_disable_hmm", "N");
                    host.cuda.put("problem", cuInit(3));
                }),
                new OfFiles(
                        "seccomp",
                        Row.D42,
                        Level.WARN,
                        host -> host.nvml.put("mempolicy", "errno 1, operation not permitted")),
                new OfFiles("two NCCLs", Row.D43, Level.WARN, host -> host.write("/usr/local/lib/libnccl.so.2", "")),
                new OfFiles("two wheels", Row.D43, Level.WARN, host -> {
                    host.remove("/usr/lib64/libnccl.so.2");
                    String packages = "/usr/lib/python3.12/dist-packages/";
                    host.write(packages + "nvidia/nccl/lib/libnccl.so.2", "NCCL version 2.28.9+cuda12.8");
                    host.write(packages + "nvidia_nccl_cu12-2.28.9.dist-info/RECORD", "");
                    host.write(packages + "nvidia_nccl_cu13-2.28.9.dist-info/RECORD", "");
                }),
                new OfFiles(
                        "governor",
                        Row.D49,
                        Level.WARN,
                        host -> host.write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave")),
                new OfFiles(
                        "NUMA node that this process may not use",
                        Row.D48,
                        Level.WARN,
                        host -> host.write("/sys/bus/pci/devices/0000:07:00.0/numa_node", "3")),
                new OfFiles("peermem", Row.D50, Level.WARN, host -> {
                    host.remove("/sys/module/nvidia_peermem/version");
                    host.remove("/sys/module/nvidia_peermem");
                }),
                new OfFiles("no nvidia-imex", Row.D51, Level.FAIL, host -> {
                    host.write("/etc/nvidia-imex/nodes_config.cfg", "# nodes\n10.0.0.1\n10.0.0.2\n");
                    host.write("/dev/nvidia-caps-imex-channels/channel0", "");
                }),
                new OfFiles("no channel", Row.D51, Level.FAIL, host -> {
                    host.write("/etc/nvidia-imex/nodes_config.cfg", "10.0.0.1\n10.0.0.2\n");
                    host.process(902, "nvidia-imex", 1, 902, "nvidia-imex\0");
                }),
                new OfFiles(
                        "no memory",
                        Row.D53,
                        Level.FAIL,
                        host -> host.write("/proc/meminfo", "MemAvailable:   100000 kB\n")));
    }

    private static String cuInit(int result) {
        return "cuInit failed: CUDA_ERROR_X (" + result + ")";
    }

    private static KernelLog.Reading lines(String... lines) {
        return new KernelLog.Reading.Lines(List.of(lines), 0, MadeUpHost.NOW);
    }

    static Stream<OfNvml> ofNvml() {
        return Stream.of(
                new OfNvml("init=9", Row.D01, Level.FAIL, "no NVIDIA kernel module"),
                new OfNvml("init=18", Row.D02, Level.FAIL, "of another version"),
                new OfNvml("init=999", Row.D39, Level.FAIL, "nvmlInit returned 999"),
                new OfNvml("fabric@3=2", Row.D05, Level.FAIL, "GPU 3"),
                new OfNvml("fabric_status@3=999", Row.D05, Level.FAIL, "status 999"),
                new OfNvml("nvlink@1=4", Row.D09, Level.WARN, "GPU 1"),
                new OfNvml("p2p@0=1", Row.D17, Level.WARN, "GPU 0-3: CHIPSET_NOT_SUPPORTED"),
                new OfNvml("name@7=Other GPU", Row.D24, Level.WARN, "Other GPU"),
                new OfNvml("mig@2", Row.D25, Level.FAIL, "GPU 2"),
                new OfNvml("mode@2=2", Row.D26, Level.FAIL, "Prohibited"),
                new OfNvml("mode@2=3,process@2=4711", Row.D26, Level.FAIL, "pid 4711"),
                new OfNvml("memory@6=1200", Row.D28, Level.WARN, "1200 MiB"),
                new OfNvml(
                        "process@6=4999",
                        Row.D28,
                        Level.WARN,
                        "pid 4999 is gone, and NVML says that it holds 22528 MiB"),
                new OfNvml("fabric_health@2=2", Row.D08, Level.FAIL, "the fabric is unhealthy"),
                new OfNvml("link_error@4=12", Row.D10, Level.WARN, "link 3: 12 CRC errors of flits"),
                new OfNvml("replays@1=81", Row.D45, Level.WARN, "81 PCIe replays"),
                new OfNvml("clock@3=0x2", Row.D47, Level.WARN, "application clocks"),
                new OfNvml(
                        "busy@3=97,generation@3=5,sm_clock@3=900", Row.D47, Level.WARN, "900 of 1980 MHz under load"),
                new OfNvml("busy@3=97,generation@3=3", Row.D44, Level.WARN, "generation 3 of 5 under load"),
                new OfNvml("confidential=1", Row.D52, Level.FAIL, "without a mode for several GPUs"),
                new OfNvml("lost@5", Row.D29, Level.FAIL, "GPU 5"),
                new OfNvml("ecc@1=3", Row.D31, Level.FAIL, "3 uncorrectable"),
                new OfNvml("remap_pending@1", Row.D31, Level.FAIL, "pending: reset"),
                new OfNvml("remap_failed@1", Row.D31, Level.FAIL, "replace"),
                new OfNvml("retired@1", Row.D31, Level.FAIL, "page retirement"),
                new OfNvml("recovery@4=2", Row.D32, Level.FAIL, "reboot the node"),
                new OfNvml("persistence=0", Row.D33, Level.WARN, "GPU 0"),
                new OfNvml("width@3=8", Row.D44, Level.WARN, "x8 of x16"),
                new OfNvml("clock@5=0x80", Row.D46, Level.WARN, "power brake"),
                new OfNvml("clock@5=0x48", Row.D46, Level.WARN, "thermal"));
    }
}
