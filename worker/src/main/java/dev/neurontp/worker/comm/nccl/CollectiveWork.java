package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.comm.nccl.NcclCollectives.Buffers;
import dev.neurontp.worker.comm.nccl.NcclCollectives.Call;
import dev.neurontp.worker.comm.nccl.NcclCollectives.PointToPoint;
import java.util.function.Supplier;
import jcuda.driver.CUstream;

/** One collective of a group over NCCL. For the rank's thread. */
final class CollectiveWork implements DeviceWork {
    /** What waits for all ranks. */
    @FunctionalInterface
    interface Barrier {
        void await() throws NcclException;
    }

    private final Layout layout;
    private final CollectiveRequest request;
    private final NcclComm comm;
    private final long streamAddress;
    private final Barrier barrier;
    private final Supplier<PollingWait> waits;
    private final Call call;

    CollectiveWork(
            Layout layout,
            CudaBuffers buffers,
            NcclComm comm,
            NcclCollectives functions,
            long streamAddress,
            Barrier barrier,
            Supplier<PollingWait> waits)
            throws NcclException {
        this.layout = layout;
        this.request = layout.request();
        this.comm = comm;
        this.streamAddress = streamAddress;
        this.barrier = barrier;
        this.waits = waits;
        this.call = call(functions, buffers.device().address());
    }

    private Call call(NcclCollectives functions, long base) throws NcclException {
        Buffers at = new Buffers(base + layout.sendAt(), base + layout.receiveAt(), request.count());
        int type = request.type().ncclNumber();
        String name = call();
        return switch (request.collective()) {
            case ALL_REDUCE, REDUCE_SCATTER ->
                functions.reducing(name, at, type, request.op().ncclNumber());
            case REDUCE -> functions.reducing(name, at, type, request.op().ncclNumber(), request.root());
            case ALL_GATHER -> functions.gathering(name, at, type);
            case BROADCAST -> functions.broadcasting(name, at, type, request.root());
            default -> functions.grouped(calls -> exchange(calls, at), type);
        };
    }

    private int exchange(PointToPoint calls, Buffers at) {
        int rank = layout.rank();
        int ranks = request.ranks();
        int result = 0;
        for (int peer = 0; peer < ranks && NcclCollectives.isGood(result); peer++) {
            if (sendsTo(rank, peer)) {
                long block = request.collective() == Collective.ALLTOALL || request.collective() == Collective.SCATTER
                        ? peer
                        : 0;
                result = calls.send(at.send() + bytes(block), at.count(), peer);
            }
            if (NcclCollectives.isGood(result) && sendsTo(peer, rank)) {
                long block = request.collective() == Collective.ALLTOALL || request.collective() == Collective.GATHER
                        ? peer
                        : 0;
                result = calls.receive(at.receive() + bytes(block), at.count(), peer);
            }
        }
        return result;
    }

    private boolean sendsTo(int from, int to) {
        return switch (request.collective()) {
            case SENDRECV -> to == (from + 1) % request.ranks();
            case PAIRS -> to == request.partner(from);
            case GATHER -> to == request.root();
            case SCATTER -> from == request.root();
            default -> true;
        };
    }

    private long bytes(long blocks) {
        return blocks * request.count() * request.type().bytes();
    }

    private boolean takesPart() {
        return request.collective() != Collective.PAIRS || request.partner(layout.rank()) >= 0;
    }

    @Override
    public String call() {
        return NcclCollectives.function(request.collective());
    }

    @Override
    public void enqueue(Layout of, CudaBuffers buffers, CUstream stream) throws NcclException {
        if (takesPart()) {
            comm.enqueue(call(), handle -> call.run(handle, streamAddress));
        }
    }

    @Override
    public boolean isInProgress() throws NcclException {
        return comm.isInProgress(call());
    }

    @Override
    public void barrier() throws NcclException {
        barrier.await();
    }

    @Override
    public void entered() {
        if (takesPart()) {
            comm.entered();
        }
    }

    @Override
    public void finished() {
        comm.finished();
    }

    @Override
    public void finishedOfThese(long runs) {
        comm.finishedOfThese(runs);
    }

    @Override
    public PollingWait newWait() {
        return waits.get();
    }
}
