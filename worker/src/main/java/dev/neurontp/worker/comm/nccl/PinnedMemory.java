package dev.neurontp.worker.comm.nccl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Memory of the host that the device copies from and to without a copy in between. For the rank's thread. */
final class PinnedMemory implements AutoCloseable {
    private final Pointer pointer = new Pointer();
    private ByteBuffer buffer;

    /** At most 2 GiB - 1. */
    static PinnedMemory allocate(long bytes) throws NcclException {
        PinnedMemory memory = new PinnedMemory();
        CudaDriver.check("cuMemAllocHost", JCudaDriver.cuMemAllocHost(memory.pointer, bytes));
        memory.buffer = memory.pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
        return memory;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    Pointer at(long offset) {
        return pointer.withByteOffset(offset);
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer = null;
            JCudaDriver.cuMemFreeHost(pointer);
        }
    }
}
