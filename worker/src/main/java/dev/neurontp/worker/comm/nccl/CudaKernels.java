package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.KernelPattern;
import dev.neurontp.worker.collective.Kernels;
import java.nio.ByteBuffer;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The kernels on one request's memory. Every wait has a bound. For the rank's thread. */
record CudaKernels(PatternModule module, CudaBuffers buffers, CUstream stream, RankThread thread, Idle idle)
        implements Kernels<NcclException> {
    private static final int THREADS = 256;
    /** As many as keep every multiprocessor of today's devices busy; each thread has many elements. */
    private static final int MAX_BLOCKS = 4096;

    /** Waits for the stream. */
    interface Idle {
        void await() throws NcclException;
    }

    @Override
    public void fill(long at, KernelPattern pattern, boolean complement) throws NcclException {
        thread.begin("filling memory of the device (cuLaunchKernel of neurontp_fill)");
        launch(module.fill(), at, pattern, complement ? -1 : 0);
        idle.await();
    }

    @Override
    public Count check(long at, KernelPattern pattern) throws NcclException {
        thread.begin("checking memory of the device (cuLaunchKernel of neurontp_check)");
        ByteBuffer staging = buffers.staging().buffer();
        staging.putLong(0, 0).putLong(Long.BYTES, -1);
        CudaMemory result = module.result();
        CudaDriver.check(
                "cuMemcpyHtoDAsync",
                JCudaDriver.cuMemcpyHtoDAsync(
                        result.at(0), buffers.staging().at(0), PatternModule.RESULT_BYTES, stream));
        launch(module.check(), at, pattern, result.address());
        CudaDriver.check(
                "cuMemcpyDtoHAsync",
                JCudaDriver.cuMemcpyDtoHAsync(
                        buffers.staging().at(0), result.at(0), PatternModule.RESULT_BYTES, stream));
        idle.await();
        return new Count(staging.getLong(0), staging.getLong(Long.BYTES));
    }

    private void launch(CUfunction function, long at, KernelPattern pattern, long last) throws NcclException {
        int blocks = (int) Math.min(MAX_BLOCKS, (pattern.count() + THREADS - 1) / THREADS);
        PatternParameters parameters = PatternParameters.of(buffers.device().address() + at, pattern, last);
        CudaDriver.check(
                "cuLaunchKernel",
                JCudaDriver.cuLaunchKernel(
                        function, blocks, 1, 1, THREADS, 1, 1, 0, stream, parameters.pointers(), null));
    }

    /** All of them are on the stream before it is awaited. */
    @Override
    public void gather(long[] at, int bytes, ByteBuffer into) throws NcclException {
        thread.begin("reading a sample of the device's memory (cuMemcpyDtoHAsync)");
        for (int i = 0; i < at.length; i++) {
            CudaDriver.check(
                    "cuMemcpyDtoHAsync",
                    JCudaDriver.cuMemcpyDtoHAsync(
                            buffers.staging().at((long) i * bytes),
                            buffers.device().at(at[i]),
                            bytes,
                            stream));
        }
        idle.await();
        into.put(into.position(), buffers.staging().buffer(), 0, at.length * bytes);
    }
}
