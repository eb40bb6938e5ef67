package dev.neurontp.worker.collective;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * All ranks of a group in one process, with collectives of its own: blocks are moved and reduced here by the definition of each
 * collective, and a fault changes what comes out.
 */
final class FakeGroup {
    private final CollectiveRequest request;
    private final List<Layout> layouts = new ArrayList<>();
    private final List<ByteBuffer> memories = new ArrayList<>();
    private final int[] weights;
    private Consumer<FakeGroup> fault = _ -> {};
    private FakeKernels kernels;
    private long mostRead;

    FakeGroup(CollectiveRequest request) {
        this.request = request;
        weights = new int[request.ranks()];
        Arrays.fill(weights, 1);
        for (int rank = 0; rank < request.ranks(); rank++) {
            layouts.add(Layout.of(request, rank));
            memories.add(
                    ByteBuffer.allocate((int) layouts.get(rank).totalBytes()).order(ByteOrder.nativeOrder()));
        }
    }

    static CollectiveRequest request(
            String collective, String type, String redop, long count, int root, String pairs, String place, int ranks) {
        return request(collective, type, redop, count, root, pairs, place, ranks, 0);
    }

    static CollectiveRequest request(
            String collective,
            String type,
            String redop,
            long count,
            int root,
            String pairs,
            String place,
            int ranks,
            long shift) {
        try {
            return CollectiveRequest.of(
                    new XCollective(collective, type, redop, count, root, pairs, place, shift, 0, 0, 1, 42, 0), ranks);
        } catch (UnsupportedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** How often a rank's contribution counts. */
    FakeGroup weight(int rank, int times) {
        weights[rank] = times;
        return this;
    }

    /** Has every rank's memory filled and checked by them where they can. */
    FakeGroup kernels(FakeKernels theirs) {
        kernels = theirs;
        return this;
    }

    /** Changes what was received after a run, by {@link #received} and {@link #put}. */
    FakeGroup fault(Consumer<FakeGroup> planted) {
        fault = planted;
        return this;
    }

    /** One checked run on every rank. Each rank fills, then all data moves, then each compares. */
    List<XCollectiveResult> run() {
        List<XCollectiveResult> results = new ArrayList<>();
        // The first round fills the memory of all; the group's run happens in the second, when all of it is there.
        for (int rank = 0; rank < request.ranks(); rank++) {
            play(rank, () -> {});
        }
        List<byte[]> filled = memories.stream().map(memory -> bytes(memory)).toList();
        move(filled);
        fault.accept(this);
        mostRead = 0;
        List<byte[]> after = memories.stream().map(memory -> bytes(memory)).toList();
        for (int rank = 0; rank < request.ranks(); rank++) {
            int own = rank;
            results.add(play(rank, () -> memories.get(own).put(0, after.get(own))));
        }
        return results;
    }

    /** The most bytes that the host has read of one rank to compare its run. */
    long mostRead() {
        return mostRead;
    }

    private XCollectiveResult play(int rank, Runnable run) {
        ByteBuffer memory = memories.get(rank);
        AtomicLong read = new AtomicLong();
        XCollectiveResult result = new CheckedRuns<>(
                        layouts.get(rank),
                        new Medium<IllegalStateException>() {
                            @Override
                            public void write(long at, ByteBuffer from) {
                                memory.put((int) at, from, from.position(), from.remaining());
                            }

                            @Override
                            public void read(long at, ByteBuffer into) {
                                read.addAndGet(into.remaining());
                                into.put(into.position(), memory, (int) at, into.remaining());
                            }

                            @Override
                            public Optional<Kernels<IllegalStateException>> kernels(long at) {
                                return Optional.ofNullable(kernels).map(known -> known.on(memory));
                            }

                            @Override
                            public void run() {
                                run.run();
                            }

                            @Override
                            public void barrier() {}

                            @Override
                            public RunTimes measure(int iterations) {
                                return RunTimes.NONE;
                            }

                            @Override
                            public boolean isSimulated() {
                                return true;
                            }
                        },
                        ByteBuffer.allocate(CheckedRuns.PIECE_BYTES))
                .run();
        mostRead = Math.max(mostRead, read.get());
        return result;
    }

    private static byte[] bytes(ByteBuffer memory) {
        byte[] copy = new byte[memory.capacity()];
        memory.get(0, copy);
        return copy;
    }

    private void move(List<byte[]> filled) {
        for (int rank = 0; rank < request.ranks(); rank++) {
            Layout layout = layouts.get(rank);
            for (long i = 0; i < layout.received(); i++) {
                put(rank, i, request.collective().reduces() ? reduce(filled, rank, i) : copy(filled, rank, i));
            }
        }
    }

    private long reduce(List<byte[]> filled, int rank, long index) {
        long at = request.collective() == Collective.REDUCE_SCATTER ? rank * request.count() + index : index;
        long combined = 0;
        boolean first = true;
        // From the last rank to the first: another order than the pattern's own.
        for (int from = request.ranks() - 1; from >= 0; from--) {
            for (int times = 0; times < weights[from]; times++) {
                long one = sent(filled, from, at);
                combined = first ? one : request.op().combine(request.type(), combined, one);
                first = false;
            }
        }
        return request.op().finish(request.type(), combined, request.ranks());
    }

    private long copy(List<byte[]> filled, int rank, long index) {
        long count = request.count();
        return switch (request.collective()) {
            case BROADCAST -> sent(filled, request.root(), index);
            case ALL_GATHER, GATHER -> sent(filled, (int) (index / count), index % count);
            case ALLTOALL -> sent(filled, (int) (index / count), rank * count + index % count);
            case SCATTER -> sent(filled, request.root(), rank * count + index);
            case SENDRECV -> sent(filled, (rank + request.ranks() - 1) % request.ranks(), index);
            case PAIRS -> sent(filled, request.partner(rank), index);
            default -> throw new IllegalStateException();
        };
    }

    private long sent(List<byte[]> filled, int from, long index) {
        ByteBuffer memory = ByteBuffer.wrap(filled.get(from)).order(ByteOrder.nativeOrder());
        return request.type()
                .get(
                        memory,
                        (int) layouts.get(from).sendAt()
                                + (int) index * request.type().bytes());
    }

    long received(int rank, long index) {
        return request.type().get(memories.get(rank), at(rank, index));
    }

    void put(int rank, long index, long bits) {
        request.type().put(memories.get(rank), at(rank, index), bits);
    }

    private int at(int rank, long index) {
        return (int) layouts.get(rank).receiveAt()
                + (int) index * request.type().bytes();
    }
}
