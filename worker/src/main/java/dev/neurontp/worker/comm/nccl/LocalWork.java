package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.Layout;
import java.util.function.Supplier;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A copy from and to this rank's device, or nothing: memory that was filled is read again. */
record LocalWork(Collective collective, Supplier<PollingWait> waits) implements DeviceWork {
    @Override
    public String call() {
        return switch (collective) {
            case COPY_H2D -> "cuMemcpyHtoDAsync";
            case COPY_D2H -> "cuMemcpyDtoHAsync";
            case COPY_D2D -> "cuMemcpyDtoDAsync";
            default -> "nothing";
        };
    }

    @Override
    public void enqueue(Layout layout, CudaBuffers buffers, CUstream stream) throws NcclException {
        long bytes = layout.received() * layout.request().type().bytes();
        if (bytes == 0) {
            return;
        }
        CudaMemory device = buffers.device();
        CudaDriver.check(
                call(),
                switch (collective) {
                    case COPY_H2D ->
                        JCudaDriver.cuMemcpyHtoDAsync(
                                device.at(layout.receiveAt()), buffers.host().at(layout.sendAt()), bytes, stream);
                    case COPY_D2H ->
                        JCudaDriver.cuMemcpyDtoHAsync(
                                buffers.host().at(layout.receiveAt()), device.at(layout.sendAt()), bytes, stream);
                    case COPY_D2D ->
                        JCudaDriver.cuMemcpyDtoDAsync(
                                device.at(layout.receiveAt()), device.at(layout.sendAt()), bytes, stream);
                    default -> 0;
                });
    }

    @Override
    public boolean isInProgress() {
        return false;
    }

    @Override
    public void barrier() {}

    @Override
    public void entered() {}

    @Override
    public void finished() {}

    @Override
    public void finishedOfThese(long runs) {}

    @Override
    public PollingWait newWait() {
        return waits.get();
    }
}
