package dev.neurontp.worker.comm.nccl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.library.Native;
import dev.neurontp.worker.library.SharedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import jcuda.driver.CUdevice_attribute;

/** The answer to {@code x_device} over NCCL. For the rank's thread. */
final class DeviceFacts {
    private static final int UUID_BYTES = 16;
    /** Where the groups of a UUID's hex digits end. */
    private static final int[] UUID_GROUPS = {8, 12, 16, 20, 32};

    private DeviceFacts() {}

    static XDeviceInfo of(CudaDevice device, long ordinal, OpenLibraries libraries) throws NcclException {
        String pci = device.pciBusId().toLowerCase(Locale.ROOT);
        long[] freeAndTotal = CudaMemory.freeAndTotal();
        String numa = pci.isEmpty() ? "" : HostFacts.firstLine("/sys/bus/pci/devices/" + pci + "/numa_node");
        return new XDeviceInfo(
                HostFacts.hostName(),
                HostFacts.bootId(),
                NcclProvider.NAME,
                libraries.areSimulated(),
                uuid(libraries.cuda(), (int) ordinal),
                WireText.shortened(pci),
                WireText.shortened(device.name()),
                HostFacts.kernelModuleVersion(),
                CudaDriver.version(),
                libraries.nccl().plainVersion(),
                WireText.shortened(libraries.nccl().library().name()),
                OptionalLong.of(freeAndTotal[1]),
                OptionalLong.of(freeAndTotal[0]),
                numa.startsWith("-") ? "" : numa,
                CudaDriver.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device.handle())
                        + "."
                        + CudaDriver.attribute(
                                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device.handle()));
    }

    /** The second version of the call names a MIG device where it is one, the first one its GPU. */
    private static String uuid(SharedLibrary cuda, int ordinal) {
        Optional<byte[]> own = uuid(cuda, "cuDeviceGetUuid_v2", ordinal);
        Optional<byte[]> gpu = uuid(cuda, "cuDeviceGetUuid", ordinal);
        if (own.isEmpty() && gpu.isEmpty()) {
            return "";
        }
        String first = HexFormat.of().formatHex(own.or(() -> gpu).orElseThrow());
        String second = HexFormat.of().formatHex(gpu.or(() -> own).orElseThrow());
        return (first.equals(second) ? "GPU-" : "MIG-") + grouped(first);
    }

    private static String grouped(String digits) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        for (int end : UUID_GROUPS) {
            text.append(from == 0 ? "" : "-").append(digits, from, end);
            from = end;
        }
        return text.toString();
    }

    private static Optional<byte[]> uuid(SharedLibrary cuda, String call, int ordinal) {
        Optional<MethodHandle> getDevice =
                cuda.function("cuDeviceGet", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        Optional<MethodHandle> getUuid = cuda.function(call, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        if (getDevice.isEmpty() || getUuid.isEmpty()) {
            return Optional.empty();
        }
        MethodHandle deviceOf = getDevice.get();
        MethodHandle uuidOf = getUuid.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(JAVA_INT);
            MemorySegment uuid = arena.allocate(UUID_BYTES);
            int found = Native.call(() -> (int) deviceOf.invokeExact(device, ordinal));
            if (found != 0) {
                return Optional.empty();
            }
            int number = device.get(JAVA_INT, 0);
            int result = Native.call(() -> (int) uuidOf.invokeExact(uuid, number));
            return result == 0 ? Optional.of(uuid.toArray(JAVA_BYTE)) : Optional.empty();
        }
    }
}
