package dev.neurontp.worker.comm.loopback;

import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.Layout;
import dev.neurontp.worker.collective.Medium;
import dev.neurontp.worker.collective.RunTimes;
import dev.neurontp.worker.comm.loopback.LinkGroup.FailedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/** One rank's memory, and collectives in rounds over the star. It measures no time: a relay in the leader says nothing of one. */
final class LoopbackMedium implements Medium<FailedException> {
    private final Layout layout;
    private final CollectiveRequest request;
    private final StarRole role;
    private final Fault.Action fault;
    private final WaitBound bound;
    private final ByteBuffer memory;

    LoopbackMedium(Layout layout, StarRole role, Fault.Action fault, WaitBound bound) {
        this.layout = layout;
        this.request = layout.request();
        this.role = role;
        this.fault = fault;
        this.bound = bound;
        this.memory = ByteBuffer.allocate((int) layout.totalBytes()).order(ByteOrder.nativeOrder());
    }

    @Override
    public void write(long at, ByteBuffer from) {
        memory.put((int) at, from, from.position(), from.remaining());
    }

    @Override
    public void read(long at, ByteBuffer into) {
        into.put(into.position(), memory, (int) at, into.remaining());
    }

    @Override
    public void run() throws FailedException {
        int most = RelayRound.elementsAtOnce(request);
        for (long from = 0; from < request.count(); from += most) {
            RelayRound round = new RelayRound(request, from, (int) Math.min(most, request.count() - from));
            byte[] received = role.exchange(slices(round), round, bound);
            store(round, received);
        }
        if (fault == Fault.Action.CORRUPT && layout.received() > 0) {
            int at = (int) layout.receiveAt();
            memory.put(at, (byte) (memory.get(at) ^ 1));
        }
    }

    private byte[] slices(RelayRound round) {
        int count = fault == Fault.Action.SKIP ? 0 : round.slicesSent(layout.rank());
        byte[] slices = new byte[count * round.bytes()];
        for (int i = 0; i < count; i++) {
            memory.get((int) (layout.sendAt() + offset(round, i)), slices, i * round.bytes(), round.bytes());
        }
        return slices;
    }

    private void store(RelayRound round, byte[] received) {
        int slices = round.slicesReceived(layout.rank());
        boolean last = round.from() + round.elements() == request.count();
        for (int i = 0; i < slices; i++) {
            int block = fault == Fault.Action.SWAP && slices > 1 && i < 2 ? 1 - i : i;
            boolean cut = fault == Fault.Action.SHORT && last && i == slices - 1;
            memory.put(
                    (int) (layout.receiveAt() + offset(round, block)),
                    received,
                    i * round.bytes(),
                    round.bytes() - (cut ? request.type().bytes() : 0));
        }
    }

    private long offset(RelayRound round, int block) {
        return (block * request.count() + round.from()) * request.type().bytes();
    }

    @Override
    public void barrier() throws FailedException {
        role.exchange(new byte[0], new RelayRound(request, 0, 0), bound);
    }

    @Override
    public RunTimes measure(int iterations) throws FailedException {
        long arrived = System.nanoTime();
        for (int i = 0; i < iterations; i++) {
            run();
        }
        return new RunTimes(Optional.empty(), Optional.empty(), OptionalLong.of(arrived));
    }

    @Override
    public boolean isSimulated() {
        return true;
    }
}
