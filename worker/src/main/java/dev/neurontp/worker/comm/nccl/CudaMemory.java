package dev.neurontp.worker.comm.nccl;

import jcuda.driver.CUdeviceptr;
import jcuda.driver.JCudaDriver;

/** Memory of the current device. For the rank's thread. */
final class CudaMemory implements AutoCloseable {
    /** JCuda hides the address that NCCL needs. */
    private static final class Pointer extends CUdeviceptr {
        long address() {
            return getNativePointer();
        }
    }

    private final Pointer pointer = new Pointer();

    /** Takes it from the device. */
    static CudaMemory allocate(long bytes) throws NcclException {
        CudaMemory memory = new CudaMemory();
        CudaDriver.check("cuMemAlloc", JCudaDriver.cuMemAlloc(memory.pointer, bytes));
        return memory;
    }

    /** What is free on the current device now, and all of it, in bytes. */
    static long[] freeAndTotal() throws NcclException {
        long[] free = new long[1];
        long[] total = new long[1];
        CudaDriver.check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, total));
        return new long[] {free[0], total[0]};
    }

    long address() {
        return pointer.address();
    }

    CUdeviceptr at(long offset) {
        return pointer.withByteOffset(offset);
    }

    @Override
    public void close() {
        if (pointer.address() != 0) {
            JCudaDriver.cuMemFree(pointer);
        }
    }
}
