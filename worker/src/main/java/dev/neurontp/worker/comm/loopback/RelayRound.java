package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.collective.Collective;
import dev.neurontp.worker.collective.CollectiveRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One round of a collective: elements {@code from} to {@code from + elements} of every block. Each rank sends its slices to rank
 * 0, which sends each rank what it receives.
 */
record RelayRound(CollectiveRequest request, long from, int elements) {
    /** The most bytes that a rank sends or receives in a round. */
    static final int MAX_BYTES = 32 * 1024;

    /** How many elements of each block fit into a round. */
    static int elementsAtOnce(CollectiveRequest request) {
        return Math.max(1, MAX_BYTES / request.type().bytes() / request.ranks());
    }

    int bytes() {
        return elements * request.type().bytes();
    }

    int slicesSent(int rank) {
        return takesPart(rank) ? request.collective().sendBlocks(rank, request.root(), request.ranks()) : 0;
    }

    int slicesReceived(int rank) {
        return takesPart(rank) ? request.collective().receiveBlocks(rank, request.root(), request.ranks()) : 0;
    }

    private boolean takesPart(int rank) {
        return request.collective() != Collective.PAIRS || request.partner(rank) >= 0;
    }

    /** What a rank receives, from the slices that all ranks sent. */
    byte[] received(int rank, byte[][] sent) {
        ByteBuffer out = ByteBuffer.allocate(slicesReceived(rank) * bytes());
        if (out.capacity() == 0) {
            return out.array();
        }
        switch (request.collective()) {
            case ALL_REDUCE, REDUCE -> out.put(reduced(sent, 0));
            case REDUCE_SCATTER -> out.put(reduced(sent, rank));
            case BROADCAST -> putSlice(out, sent[request.root()], 0);
            case SCATTER -> putSlice(out, sent[request.root()], rank);
            case SENDRECV -> putSlice(out, sent[Math.floorMod(rank - 1, request.ranks())], 0);
            case PAIRS -> putSlice(out, sent[request.partner(rank)], 0);
            case ALL_GATHER, GATHER -> putAll(out, sent, 0);
            case ALLTOALL -> putAll(out, sent, rank);
            case COPY_H2D, COPY_D2H, COPY_D2D, MEMORY_PATTERN ->
                throw new IllegalArgumentException(request.collective() + " is no collective of a group");
        }
        return out.array();
    }

    private void putAll(ByteBuffer out, byte[][] sent, int slice) {
        for (byte[] from : sent) {
            putSlice(out, from, slice);
        }
    }

    private void putSlice(ByteBuffer out, byte[] sent, int slice) {
        out.put(sent, slice * bytes(), bytes());
    }

    /** Rank by rank. A rank that sent nothing is left out: that is how a fault leaves a rank out. */
    private byte[] reduced(byte[][] sent, int slice) {
        int size = request.type().bytes();
        ByteBuffer out = ByteBuffer.allocate(bytes()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < elements; i++) {
            long combined = 0;
            boolean first = true;
            for (byte[] from : sent) {
                if (from.length > 0) {
                    ByteBuffer in = ByteBuffer.wrap(from).order(ByteOrder.nativeOrder());
                    long one = request.type().get(in, slice * bytes() + i * size);
                    combined = first ? one : request.op().combine(request.type(), combined, one);
                    first = false;
                }
            }
            request.type().put(out, i * size, request.op().finish(request.type(), combined, request.ranks()));
        }
        return out.array();
    }
}
