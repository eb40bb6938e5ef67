package dev.neurontp.worker.collective;

/**
 * Where a rank's buffers lie in one piece of memory, and where each received element comes from. Offsets and lengths are in
 * bytes, counts in elements. Behind the receive buffer is a zone that nobody may write.
 *
 * @param received elements that are checked
 */
public record Layout(
        CollectiveRequest request,
        int rank,
        long sendAt,
        long sendCount,
        long receiveAt,
        long received,
        long guardAt,
        long totalBytes) {
    static final int GUARD_BYTES = 256;

    /** The layout on one rank. */
    public static Layout of(CollectiveRequest request, int rank) {
        Collective collective = request.collective();
        int size = request.type().bytes();
        long block = request.count() * size;
        int sendBlocks = collective.sendBlocks(rank, request.root(), request.ranks());
        int receiveBlocks = collective.receiveBlocks(rank, request.root(), request.ranks());
        if (collective == Collective.PAIRS && request.partner(rank) < 0) {
            sendBlocks = 0;
            receiveBlocks = 0;
        }
        long start = request.shift() * size;
        long sendAt = start;
        long receiveAt;
        long end;
        if (request.inPlace()) {
            boolean sendsItsBlock = receiveBlocks == request.ranks()
                    && (collective == Collective.ALL_GATHER || collective == Collective.GATHER);
            boolean receivesItsBlock = sendBlocks == request.ranks()
                    && (collective == Collective.REDUCE_SCATTER || collective == Collective.SCATTER);
            sendAt = start + (sendsItsBlock ? rank * block : 0);
            receiveAt = start + (receivesItsBlock ? rank * block : 0);
            end = start + Math.max(1, Math.max(sendBlocks, receiveBlocks)) * block;
        } else {
            receiveAt = aligned(start + sendBlocks * block + GUARD_BYTES) + start;
            // NCCL leaves the buffer of a rank that receives nothing alone, and may be given one.
            end = receiveAt + Math.max(1, receiveBlocks) * block;
        }
        return new Layout(
                request,
                rank,
                sendAt,
                sendBlocks * request.count(),
                receiveAt,
                receiveBlocks * request.count(),
                end,
                aligned(end + GUARD_BYTES));
    }

    /** The largest one of all ranks, from what every rank knows. */
    public static long largestBytes(CollectiveRequest request) {
        long first = of(request, 0).totalBytes();
        return Math.max(
                first,
                Math.max(
                        of(request, request.root()).totalBytes(),
                        of(request, request.ranks() - 1).totalBytes()));
    }

    private static long aligned(long bytes) {
        return (bytes + GUARD_BYTES - 1) & -GUARD_BYTES;
    }

    /** Whether every element that is received lies where one to send was. */
    boolean sendsWhereItReceives() {
        return request.inPlace() && sendAt == receiveAt && sendCount >= received;
    }

    /** Whether each block that is received comes from another rank. */
    boolean receivesBlocks() {
        return switch (request.collective()) {
            case ALL_GATHER, ALLTOALL, GATHER -> true;
            default -> false;
        };
    }

    /** The rank that a received element comes from; any of them for a reduction. */
    int source(long index) {
        return switch (request.collective()) {
            case BROADCAST, SCATTER -> request.root();
            case ALL_GATHER, ALLTOALL, GATHER -> (int) (index / request.count());
            case SENDRECV -> Math.floorMod(rank - 1, request.ranks());
            case PAIRS -> request.partner(rank);
            default -> rank;
        };
    }

    /** Where in its source's send buffer, or in those of all ranks, a received element comes from. */
    long sourceIndex(long index) {
        return switch (request.collective()) {
            case REDUCE_SCATTER, SCATTER -> rank * request.count() + index;
            case ALL_GATHER, GATHER -> index % request.count();
            case ALLTOALL -> rank * request.count() + index % request.count();
            default -> index;
        };
    }

    /** The element of this rank's send buffer that lies where a received one will be, or -1. */
    long ownElementAt(long index) {
        if (!request.inPlace()) {
            return -1;
        }
        long element = (receiveAt - sendAt) / request.type().bytes() + index;
        return element >= 0 && element < sendCount ? element : -1;
    }
}
