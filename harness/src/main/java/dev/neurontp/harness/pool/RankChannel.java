package dev.neurontp.harness.pool;

import dev.neurontp.harness.process.LineBoundInput;
import dev.neurontp.harness.process.WorkerProcess;
import dev.neurontp.rpc.Frame;
import dev.neurontp.rpc.FrameReader;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The pipe to one worker. Its reader thread takes one reply for each request and hands it to the operation in flight;
 * whatever else comes poisons the rank.
 */
final class RankChannel {
    private final int member;
    private final RankIdentity identity;
    private final WorkerProcess process;
    private final ChannelWatcher watcher;
    private final ReplyReader replies;
    private final AtomicReference<Operation> expected = new AtomicReference<>();
    private final AtomicBoolean troubled = new AtomicBoolean();
    private volatile RankState state = RankState.STARTING;
    private volatile boolean stalePongAllowed;
    private volatile boolean leaving;
    private volatile boolean bye;
    private volatile Instant lastPong;
    private volatile long roundTripNanos;

    RankChannel(int member, RankIdentity identity, WorkerProcess process, ChannelWatcher watcher) {
        this.member = member;
        this.identity = identity;
        this.process = process;
        this.watcher = watcher;
        this.replies = new ReplyReader(identity);
    }

    /** Starts the threads that read this worker's pipes. */
    void open() {
        process.listen(this::read, this::ended);
    }

    int rank() {
        return (int) identity.rank();
    }

    int member() {
        return member;
    }

    WorkerProcess process() {
        return process;
    }

    boolean saidBye() {
        return bye;
    }

    RankState state() {
        return state;
    }

    void move(RankState next) {
        if (state != next) {
            state = next;
            watcher.moved(this, next);
        }
    }

    RankSnapshot snapshot() {
        Instant seen = lastPong;
        return new RankSnapshot(
                rank(),
                Optional.of(process.identity()),
                process.started(),
                identity.cudaDevice(),
                state,
                Optional.ofNullable(seen),
                seen == null ? Optional.empty() : Optional.of(Duration.ofNanos(roundTripNanos)));
    }

    /**
     * Writes one request. A pipe takes at least 4096 bytes, and a request is written only when all before it were
     * answered, so this blocks only on a worker that answers without reading; {@link WriteStallWatchdog} ends that.
     */
    void ask(Operation operation, byte[] line) {
        if (!expected.compareAndSet(null, operation)) {
            // While it is asked to leave the operation is being stopped anyway.
            if (!leaving) {
                trouble(operation, RankFault.Nature.PROTOCOL, "it still owes an earlier reply");
            }
            return;
        }
        operation.ask(member);
        try {
            process.write(line);
        } catch (IOException e) {
            // The reader and the exit say more, and soon; this is for a worker that closed its stdin and lives.
            if (!process.exitsSoon()) {
                trouble(operation, RankFault.Nature.EXITED, "its stdin cannot be written: " + e.getMessage());
            }
        }
    }

    /**
     * Writes the request to leave, on a thread that may block. False when a reply to something else than a ping is
     * outstanding: a shutdown would wait behind it.
     */
    boolean askToLeave(Operation shutdown) {
        leaving = true;
        // Before the exchange: the pong may come right after it.
        stalePongAllowed = true;
        Operation outstanding = expected.getAndSet(shutdown);
        if (troubled.get() || (outstanding != null && outstanding.op() != Op.PING)) {
            return false;
        }
        if (outstanding == null) {
            stalePongAllowed = false;
        }
        move(RankState.STOPPING);
        process.writeAside(Requests.shutdown());
        return true;
    }

    /** From now on the end of the process is our doing, not news. */
    void leave() {
        leaving = true;
    }

    private void read() {
        FrameReader frames = new FrameReader(
                new LineBoundInput(process.stdout(), FrameReader.DEFAULT_LIMIT), FrameReader.DEFAULT_LIMIT);
        try {
            Frame frame = frames.next();
            while (frame != null) {
                take(frame, System.nanoTime());
                frame = frames.next();
            }
        } catch (LineBoundInput.LineTooLong e) {
            trouble(expected.get(), RankFault.Nature.PROTOCOL, e.getMessage());
        } catch (IOException e) {
            trouble(expected.get(), RankFault.Nature.EXITED, "its stdout broke off: " + e.getMessage());
        }
    }

    /** The stream or the process is at its end; on the reader's thread or the process's own. */
    private void ended(String how) {
        trouble(expected.get(), RankFault.Nature.EXITED, how);
    }

    private void take(Frame frame, long now) {
        if (troubled.get()) {
            return;
        }
        switch (frame) {
            case Frame.Line line -> takeLine(line.bytes(), now);
            case Frame.TooLong tooLong ->
                trouble(
                        expected.get(),
                        RankFault.Nature.PROTOCOL,
                        "it sent a line of " + tooLong.length() + " bytes: at most " + tooLong.limit() + " are taken");
        }
    }

    private void takeLine(byte[] line, long now) {
        Operation operation = expected.getAndSet(null);
        if (isStalePong(operation, line)) {
            stalePongAllowed = false;
            expected.compareAndSet(null, operation);
            return;
        }
        switch (replies.read(operation == null ? Op.IDLE : operation.op(), line)) {
            case Reply.Pong _ -> ponged(operation, now);
            case Reply.Value reply -> operation.answer(member, reply.value(), now);
            case Reply.Sums reply -> operation.answer(member, reply.sums(), now);
            case Reply.Bye _ -> bye = true;
            case Reply.Refusal reply -> refuse(operation, reply.error());
            case Reply.Bad reply -> trouble(operation, reply.nature(), reply.reason());
        }
    }

    /** Whether it is the answer to the ping that a shutdown overtook. */
    private boolean isStalePong(Operation operation, byte[] line) {
        return stalePongAllowed
                && operation != null
                && operation.op() == Op.SHUTDOWN
                && replies.read(Op.PING, line) instanceof Reply.Pong;
    }

    private void ponged(Operation operation, long now) {
        operation.answer(member, 0, now);
        roundTripNanos = operation.took(member).toNanos();
        lastPong = Instant.now();
    }

    private void refuse(Operation operation, WorkerResponse.Error error) {
        if (troubled.compareAndSet(false, true)) {
            watcher.troubled(this, RankFault.refusal(rank(), operation.op(), operation.elapsed(), error));
            operation.spoke(member);
        }
    }

    /** Poisons the rank, unless it was before or is leaving as it was told. */
    void trouble(Operation operation, RankFault.Nature nature, String reason) {
        if ((leaving && nature == RankFault.Nature.EXITED) || !troubled.compareAndSet(false, true)) {
            return;
        }
        Op op = operation == null ? Op.IDLE : operation.op();
        Duration elapsed = operation == null ? process.age() : operation.elapsed();
        watcher.troubled(this, RankFault.of(rank(), op, elapsed, nature, reason));
        if (operation != null) {
            operation.spoke(member);
        }
    }
}
