package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import java.util.Optional;
import jcuda.driver.CUdevice_attribute;

/** What a library and a device cannot do, and say so before it is tried. */
record DeviceLimits(OpenLibraries libraries, CudaDevice device) {
    /** What a device has free anyway; less than this is a failure. */
    private static final long SMALL_BYTES = 64L << 20;
    /** What stays free, for the driver and NCCL. */
    private static final long RESERVED_BYTES = 64L << 20;
    /** Pinned memory is taken from the host, as much as the copy is long. */
    private static final long MAX_COPY_BYTES = 1L << 30;

    private static final int FIRST_NCCL_WITH_FLOAT8 = 22_400;
    private static final int FIRST_COMPUTE_WITH_FLOAT8 = 9;

    /** Whether one rank may refuse this request and another not. A function of the request alone. */
    static boolean differByRank(CollectiveRequest request) {
        return request.type().isEightBitFloat() || Layout.largestBytes(request) > SMALL_BYTES;
    }

    /** Why it cannot be done here; empty where it can. */
    Optional<String> refusal(Layout layout) throws NcclException {
        CollectiveRequest request = layout.request();
        if (request.type().isEightBitFloat()) {
            if (libraries.nccl().version() < FIRST_NCCL_WITH_FLOAT8) {
                return Optional.of(
                        libraries.nccl().label() + " has no " + request.type().wireName() + ": 2.24 and later have it");
            }
            int major = CudaDriver.attribute(
                    CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device.handle());
            if (major < FIRST_COMPUTE_WITH_FLOAT8) {
                return Optional.of("the device's compute capability is " + major + ".x: NCCL reduces "
                        + request.type().wireName() + " from 9.0 on");
            }
        }
        boolean pinned = request.collective() == Collective.COPY_H2D || request.collective() == Collective.COPY_D2H;
        if (pinned && layout.totalBytes() > MAX_COPY_BYTES) {
            return Optional.of("a copy of " + request.count() * Long.BYTES + " bytes needs " + layout.totalBytes()
                    + " bytes of pinned memory: at most " + MAX_COPY_BYTES + " are taken, ask for half of them");
        }
        long free = CudaMemory.freeAndTotal()[0];
        boolean large =
                layout.totalBytes() > SMALL_BYTES || request.collective().isLocal();
        if (large && layout.totalBytes() > free - RESERVED_BYTES) {
            return Optional.of("it needs " + layout.totalBytes() + " bytes of the device's memory, and of " + free
                    + " that are free " + RESERVED_BYTES + " stay free");
        }
        return Optional.empty();
    }
}
