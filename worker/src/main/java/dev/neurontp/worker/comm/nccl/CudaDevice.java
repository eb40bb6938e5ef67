package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.os.Stderr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * One GPU as one thread uses it: the primary context (NCCL's own threads use that one too), a stream, and room for one
 * number to send and one to receive. All of it belongs to the thread that opened it.
 */
final class CudaDevice {
    private static final long WORD_BYTES = Integer.BYTES;

    /** JCuda hides the addresses that NCCL needs. */
    private static final class Stream extends CUstream {
        long address() {
            return getNativePointer();
        }
    }

    private static final class DeviceMemory extends CUdeviceptr {
        long address() {
            return getNativePointer();
        }
    }

    private final CUdevice device;
    private final Stream stream = new Stream();
    private final DeviceMemory send = new DeviceMemory();
    private final DeviceMemory receive = new DeviceMemory();
    /** Outside of the Java heap: the driver reads and writes it while the call is long over. */
    private final ByteBuffer words =
            ByteBuffer.allocateDirect((int) (2 * WORD_BYTES)).order(ByteOrder.nativeOrder());

    private Optional<PatternModule> patternModule;

    private CudaDevice(CUdevice device) {
        this.device = device;
    }

    /** Makes the device's primary context current in this thread, and takes what a rank needs there. */
    static CudaDevice open(long ordinal) throws NcclException {
        CUdevice device = CudaDriver.device(ordinal);
        CUcontext context = new CUcontext();
        CudaDriver.check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        CudaDevice opened = new CudaDevice(device);
        boolean complete = false;
        try {
            CudaDriver.check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
            CudaDriver.check(
                    "cuStreamCreate", JCudaDriver.cuStreamCreate(opened.stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
            CudaDriver.check("cuMemAlloc", JCudaDriver.cuMemAlloc(opened.send, WORD_BYTES));
            CudaDriver.check("cuMemAlloc", JCudaDriver.cuMemAlloc(opened.receive, WORD_BYTES));
            complete = true;
            return opened;
        } finally {
            if (!complete) {
                opened.close();
            }
        }
    }

    String name() throws NcclException {
        return CudaDriver.name(device);
    }

    String pciBusId() {
        return CudaDriver.pciBusId(device);
    }

    CUdevice handle() {
        return device;
    }

    CUstream stream() {
        return stream;
    }

    long streamAddress() {
        return stream.address();
    }

    long sendAddress() {
        return send.address();
    }

    long receiveAddress() {
        return receive.address();
    }

    /** The kernels that fill and check memory. Loaded once; empty where the driver does not take them, which is then said once. */
    @SuppressWarnings("OptionalAssignedToNull") // null: not tried yet
    Optional<PatternModule> patternModule() {
        if (patternModule == null) {
            try {
                patternModule = Optional.of(PatternModule.load());
            } catch (NcclException e) {
                patternModule = Optional.empty();
                Stderr.say(
                        "neuron: the kernels that check memory on the device cannot be loaded, every element is compared"
                                + " on the host instead: " + e.getMessage());
            }
        }
        return patternModule;
    }

    /** Copies the number to send, and another one into the buffer for the sum, in the stream's order. */
    void load(int number) throws NcclException {
        words.putInt(0, number);
        words.putInt((int) WORD_BYTES, ~number);
        Pointer host = Pointer.to(words);
        CudaDriver.check("cuMemcpyHtoDAsync", JCudaDriver.cuMemcpyHtoDAsync(send, host, WORD_BYTES, stream));
        CudaDriver.check(
                "cuMemcpyHtoDAsync",
                JCudaDriver.cuMemcpyHtoDAsync(receive, host.withByteOffset(WORD_BYTES), WORD_BYTES, stream));
    }

    /** Whether the stream has nothing left to do; never blocks. */
    boolean isIdle() throws NcclException {
        int result = JCudaDriver.cuStreamQuery(stream);
        if (result == CUresult.CUDA_ERROR_NOT_READY) {
            return false;
        }
        CudaDriver.check("cuStreamQuery", result);
        return true;
    }

    /** The number where the sum is put. Only once the stream is idle, or this blocks. */
    int received() throws NcclException {
        CudaDriver.check("cuMemcpyDtoH", JCudaDriver.cuMemcpyDtoH(Pointer.to(words), receive, WORD_BYTES));
        return words.getInt(0);
    }

    /** Gives all of it back; what the driver refuses to take is left to the end of the process. */
    void close() {
        if (patternModule != null) {
            patternModule.ifPresent(PatternModule::close);
        }
        if (send.address() != 0) {
            JCudaDriver.cuMemFree(send);
        }
        if (receive.address() != 0) {
            JCudaDriver.cuMemFree(receive);
        }
        if (stream.address() != 0) {
            JCudaDriver.cuStreamDestroy(stream);
        }
        JCudaDriver.cuCtxSetCurrent(new CUcontext());
        JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
}
