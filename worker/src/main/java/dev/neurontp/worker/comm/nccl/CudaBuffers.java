package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.CheckedRuns;
import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.Layout;

/**
 * The memory of one request: the device's, and the host's where a copy begins or ends there. Both have the same layout.
 *
 * @param host null where none is needed
 * @param staging through which the device's memory is filled and read
 */
record CudaBuffers(CudaMemory device, PinnedMemory host, PinnedMemory staging) implements AutoCloseable {
    /** Takes all of it, or nothing. */
    static CudaBuffers allocate(Layout layout) throws NcclException {
        Collective collective = layout.request().collective();
        boolean withHost = collective == Collective.COPY_H2D || collective == Collective.COPY_D2H;
        CudaMemory device = CudaMemory.allocate(layout.totalBytes());
        PinnedMemory host = null;
        PinnedMemory staging = null;
        try {
            host = withHost ? PinnedMemory.allocate(layout.totalBytes()) : null;
            staging = PinnedMemory.allocate(CheckedRuns.PIECE_BYTES);
            return new CudaBuffers(device, host, staging);
        } finally {
            if (staging == null) {
                device.close();
                if (host != null) {
                    host.close();
                }
            }
        }
    }

    @Override
    public void close() {
        device.close();
        staging.close();
        if (host != null) {
            host.close();
        }
    }
}
