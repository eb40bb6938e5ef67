package dev.neurontp.rpc;

import java.util.OptionalLong;

/**
 * The answer to {@code x_device}: where a rank runs and with what. Each text has at most {@value WireText#MAX_SHORT_CHARS}
 * characters, none of them a control character, and is empty where there is nothing to say; {@link WireText#shortened} makes
 * any text fit.
 *
 * @param host the host's name
 * @param bootId of the running kernel: two ranks with the same one are on one host
 * @param communicator such as {@code nccl}
 * @param simulated whether no hardware is behind this: a communicator without GPUs, or stand-in libraries
 * @param deviceUuid as nvidia-smi prints it, of the MIG device where it is one; empty without a GPU
 * @param pciBusId such as {@code 0000:1b:00.0}
 * @param deviceName such as {@code NVIDIA H100 80GB HBM3}
 * @param driver the version of the kernel module
 * @param cuda the CUDA version of the driver's library, such as 12.8
 * @param nccl the version of NCCL, such as 2.28.9
 * @param ncclLibrary the path or the name that it was opened by
 * @param memoryTotal of the device, in bytes
 * @param memoryFree of the device, in bytes, at the time of the answer
 * @param numaNode the device's NUMA node
 * @param computeCapability such as 9.0
 */
public record XDeviceInfo(
        String host,
        String bootId,
        String communicator,
        boolean simulated,
        String deviceUuid,
        String pciBusId,
        String deviceName,
        String driver,
        String cuda,
        String nccl,
        String ncclLibrary,
        OptionalLong memoryTotal,
        OptionalLong memoryFree,
        String numaNode,
        String computeCapability)
        implements WorkerResponse {
    public static final String OP = "x_device_info";
    static final String HOST = "host";
    static final String BOOT_ID = "boot_id";
    static final String COMMUNICATOR = "communicator";
    static final String SIMULATED = "simulated";
    static final String DEVICE_UUID = "device_uuid";
    static final String PCI_BUS_ID = "pci_bus_id";
    static final String DEVICE_NAME = "device_name";
    static final String DRIVER = "driver";
    static final String CUDA = "cuda";
    static final String NCCL = "nccl";
    static final String NCCL_LIBRARY = "nccl_library";
    static final String MEMORY_TOTAL = "memory_total";
    static final String MEMORY_FREE = "memory_free";
    static final String NUMA_NODE = "numa_node";
    static final String COMPUTE_CAPABILITY = "compute_capability";

    public XDeviceInfo {
        WireText.requireShort(HOST, host);
        WireText.requireShort(BOOT_ID, bootId);
        WireText.requireShort(COMMUNICATOR, communicator);
        WireText.requireShort(DEVICE_UUID, deviceUuid);
        WireText.requireShort(PCI_BUS_ID, pciBusId);
        WireText.requireShort(DEVICE_NAME, deviceName);
        WireText.requireShort(DRIVER, driver);
        WireText.requireShort(CUDA, cuda);
        WireText.requireShort(NCCL, nccl);
        WireText.requireShort(NCCL_LIBRARY, ncclLibrary);
        DecimalString.require(MEMORY_TOTAL, memoryTotal);
        DecimalString.require(MEMORY_FREE, memoryFree);
        WireText.requireShort(NUMA_NODE, numaNode);
        WireText.requireShort(COMPUTE_CAPABILITY, computeCapability);
    }

    @Override
    public String op() {
        return OP;
    }
}
