package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.comm.RankIdentity;

/** Where a rank is and what it runs on, for a person who reads an error: filled in as it becomes known. */
final class RankDescription {
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
        String module = HostFacts.kernelModuleVersion();
        driver = ", driver " + (module.isEmpty() ? "" : module + ", ") + "CUDA " + cudaVersion + mark;
    }

    /** Such as {@code rank 1 of 2 on CUDA device 1 (NVIDIA H200, PCI 0000:1B:00.0) of host gpu7, driver …, NCCL …}. */
    String describe() {
        return (simulated ? "SIMULATION without hardware, " : "") + "rank " + identity.rank() + " of "
                + identity.worldSize() + " on CUDA device " + identity.cudaDevice() + device + " of host "
                + HostFacts.hostName()
                + driver + nccl;
    }
}
