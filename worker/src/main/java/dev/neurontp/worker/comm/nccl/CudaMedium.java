package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.Kernels;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.collective.Medium;
import dev.neurontp.worker.collective.RunTimes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** The device's memory, and runs on its stream. Every wait has a bound. For the rank's thread. */
final class CudaMedium implements Medium<NcclException> {
    /** Runs that are enqueued before this rank waits: few enough that no launch ever blocks. */
    private static final int MOST_QUEUED = 64;

    /** How often it waits at least: each time is one of the wall's. */
    private static final int WAITS = 5;

    private final Layout layout;
    private final CudaBuffers buffers;
    private final CudaDevice device;
    private final DeviceWork work;
    private final RankThread thread;
    private final Supplier<PollingWait> ownWaits;
    private final boolean simulated;
    private final Optional<Kernels<NcclException>> kernels;

    /**
     * Takes no memory.
     *
     * @param ownWaits for what this device does by itself
     * @param module what fills and checks the device's memory; empty for copies
     */
    CudaMedium(
            Layout layout,
            CudaBuffers buffers,
            CudaDevice device,
            DeviceWork work,
            RankThread thread,
            Supplier<PollingWait> ownWaits,
            boolean simulated,
            Optional<PatternModule> module) {
        this.layout = layout;
        this.buffers = buffers;
        this.device = device;
        this.work = work;
        this.thread = thread;
        this.ownWaits = ownWaits;
        this.simulated = simulated;
        this.kernels = module.map(
                loaded -> new CudaKernels(loaded, buffers, device.stream(), thread, () -> awaitIdle(ownWaits.get())));
    }

    /** Whether this part of the layout is in the host's memory. */
    private boolean isOnHost(long at) {
        Collective collective = layout.request().collective();
        return (collective == Collective.COPY_H2D && at < layout.receiveAt())
                || (collective == Collective.COPY_D2H && at >= layout.receiveAt());
    }

    @Override
    public Optional<Kernels<NcclException>> kernels(long at) {
        return isOnHost(at) ? Optional.empty() : kernels;
    }

    @Override
    public void write(long at, ByteBuffer from) throws NcclException {
        if (isOnHost(at)) {
            buffers.host().buffer().put((int) at, from, from.position(), from.remaining());
            return;
        }
        int bytes = from.remaining();
        if (bytes == 0) {
            return;
        }
        thread.begin("filling memory of the device (cuMemcpyHtoDAsync)");
        buffers.staging().buffer().put(0, from, from.position(), bytes);
        CudaDriver.check(
                "cuMemcpyHtoDAsync",
                JCudaDriver.cuMemcpyHtoDAsync(
                        buffers.device().at(at), buffers.staging().at(0), bytes, device.stream()));
        awaitIdle(ownWaits.get());
    }

    @Override
    public void read(long at, ByteBuffer into) throws NcclException {
        int bytes = into.remaining();
        if (isOnHost(at)) {
            into.put(into.position(), buffers.host().buffer(), (int) at, bytes);
            return;
        }
        if (bytes == 0) {
            return;
        }
        thread.begin("reading memory of the device (cuMemcpyDtoHAsync)");
        CudaDriver.check(
                "cuMemcpyDtoHAsync",
                JCudaDriver.cuMemcpyDtoHAsync(
                        buffers.staging().at(0), buffers.device().at(at), bytes, device.stream()));
        awaitIdle(ownWaits.get());
        into.put(into.position(), buffers.staging().buffer(), 0, bytes);
    }

    @Override
    public void run() throws NcclException {
        PollingWait wait = work.newWait();
        enqueue(wait);
        awaitIdle(wait);
        work.finished();
    }

    private void enqueue(PollingWait wait) throws NcclException {
        thread.begin(layout.request().collective().wireName() + " of "
                + layout.request().count() + " elements (" + work.call() + ")");
        work.enqueue(layout, buffers, device.stream());
        while (work.isInProgress()) {
            wait.pause();
        }
        work.entered();
    }

    private void awaitIdle(PollingWait wait) throws NcclException {
        while (!device.isIdle()) {
            boolean _ = work.isInProgress();
            wait.pause();
        }
        boolean _ = work.isInProgress();
    }

    @Override
    public void barrier() throws NcclException {
        work.barrier();
    }

    /** Several runs are enqueued before it waits, so that they follow each other without a pause of the host. */
    @Override
    public RunTimes measure(int iterations) throws NcclException {
        int queued = Math.clamp((iterations + WAITS - 1) / WAITS, 1, MOST_QUEUED);
        long[] deviceNanos = new long[iterations];
        long[] wallNanos = new long[(iterations + queued - 1) / queued];
        long arrived = System.nanoTime();
        int done = 0;
        CUstream stream = device.stream();
        try (CudaTimer timer = new CudaTimer(stream)) {
            for (int i = 0; i < wallNanos.length; i++) {
                int now = Math.min(queued, iterations - done);
                long begun = System.nanoTime();
                PollingWait wait = work.newWait();
                enqueue(now, timer, wait);
                wallNanos[i] = (System.nanoTime() - begun) / now;
                System.arraycopy(timer.betweenMarks(), 0, deviceNanos, done, now);
                done += now;
            }
        }
        return new RunTimes(
                RunTimes.of(deviceNanos),
                RunTimes.of(Arrays.copyOf(wallNanos, wallNanos.length)),
                OptionalLong.of(arrived));
    }

    /** Some runs, with an event before and after each run. */
    private void enqueue(int runs, CudaTimer timer, PollingWait wait) throws NcclException {
        boolean done = false;
        try {
            timer.mark();
            for (int run = 0; run < runs; run++) {
                enqueue(wait);
                timer.mark();
            }
            awaitIdle(wait);
            done = true;
            work.finished();
        } finally {
            if (!done) {
                work.finishedOfThese(Math.max(0, timer.reached() - 1));
            }
        }
    }

    @Override
    public boolean isSimulated() {
        return simulated;
    }
}
