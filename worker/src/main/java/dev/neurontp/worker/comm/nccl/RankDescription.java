package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.RankIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a rank is and what it runs on, for a person who reads an error: filled in as it becomes known. */
final class RankDescription {
    private static final Pattern KERNEL_MODULE_VERSION =
            Pattern.compile("Kernel Module.*?\\s(\\d+\\.\\d+(\\.\\d+)?)\\s");

    private final RankIdentity identity;
    private volatile String device = "";
    private volatile String driver = "";
    private volatile String nccl = "";
    private volatile String mark = "";
    private volatile boolean simulated;

    RankDescription(RankIdentity identity) {
        this.identity = identity;
    }

    void found(OpenLibraries libraries) {
        simulated = libraries.areSimulated();
        nccl = ", " + libraries.nccl().label() + " ("
                + libraries.nccl().library().name() + ")";
        mark = libraries.cuda().simulationMark();
    }

    void found(CudaDevice opened) throws NcclException {
        String bus = opened.pciBusId();
        device = " (" + opened.name() + (bus.isEmpty() ? "" : ", PCI " + bus) + ")";
    }

    void foundDriver(String cudaVersion) {
        String module = kernelModuleVersion();
        driver = ", driver " + (module.isEmpty() ? "" : module + ", ") + "CUDA " + cudaVersion + mark;
    }

    /** Such as {@code rank 1 of 2 on CUDA device 1 (NVIDIA H200, PCI 0000:1B:00.0) of host gpu7, driver …, NCCL …}. */
    String describe() {
        return (simulated ? "SIMULATION without hardware, " : "") + "rank " + identity.rank() + " of "
                + identity.worldSize() + " on CUDA device " + identity.cudaDevice() + device + " of host " + hostName()
                + driver + nccl;
    }

    private static String hostName() {
        return firstLine("/proc/sys/kernel/hostname");
    }

    /** Such as 570.86.15; empty where there is none. */
    static String kernelModuleVersion() {
        Matcher version = KERNEL_MODULE_VERSION.matcher(firstLine("/proc/driver/nvidia/version") + " ");
        return version.find() ? version.group(1) : "";
    }

    private static String firstLine(String file) {
        try {
            return Files.readString(Path.of(file)).lines().findFirst().orElse("");
        } catch (IOException _) {
            // A host without such a file has nothing to say here.
            return "";
        }
    }
}
