package dev.neurontp.worker.comm.nccl;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** Events on a stream, and the times between them. For the rank's thread. */
final class CudaTimer implements AutoCloseable {
    private static final double NANOS_PER_MILLI = 1e6;

    private final CUstream stream;
    private final List<CUevent> events = new ArrayList<>();
    private int recorded;

    CudaTimer(CUstream stream) {
        this.stream = stream;
    }

    /** Puts an event on the stream. */
    void mark() throws NcclException {
        if (recorded == events.size()) {
            CUevent event = new CUevent();
            CudaDriver.check("cuEventCreate", JCudaDriver.cuEventCreate(event, 0));
            events.add(event);
        }
        CudaDriver.check("cuEventRecord", JCudaDriver.cuEventRecord(events.get(recorded), stream));
        recorded++;
    }

    /** How many of the marks the stream has come to; never blocks. */
    int reached() {
        int reached = 0;
        while (reached < recorded && JCudaDriver.cuEventQuery(events.get(reached)) == CUresult.CUDA_SUCCESS) {
            reached++;
        }
        return reached;
    }

    /** The times between neighbouring marks, in nanoseconds, once the stream is idle; then it begins anew. */
    long[] betweenMarks() throws NcclException {
        long[] nanos = new long[Math.max(0, recorded - 1)];
        float[] millis = new float[1];
        for (int i = 0; i < nanos.length; i++) {
            CudaDriver.check(
                    "cuEventElapsedTime", JCudaDriver.cuEventElapsedTime(millis, events.get(i), events.get(i + 1)));
            nanos[i] = Math.round(millis[0] * NANOS_PER_MILLI);
        }
        recorded = 0;
        return nanos;
    }

    @Override
    public void close() {
        events.forEach(JCudaDriver::cuEventDestroy);
    }
}
