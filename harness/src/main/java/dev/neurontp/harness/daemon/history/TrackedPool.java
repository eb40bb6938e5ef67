package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.event.RingBuffer;
import dev.neurontp.harness.daemon.mapper.EventMapper;
import dev.neurontp.harness.daemon.mapper.PoolMapper;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.PoolLog;
import dev.neurontp.harness.daemon.runtime.PrivateFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One pool that is being written down. For one thread. */
final class TrackedPool {
    /** Of a failure: those that follow from it are told by the text. */
    private static final int MOST_FAILURES = 16;

    private final ManagedPool pool;
    private final HistoryLimits limits;
    private final Deque<byte[]> events = new ArrayDeque<>();
    private long eventBytes;
    private long droppedEvents;
    private long writtenLine;
    private boolean stateIsNew = true;
    private Optional<PoolView> seen = Optional.empty();
    private boolean eventsAreNew;
    private boolean over;
    private boolean dropped;
    private boolean eventsLost;

    TrackedPool(ManagedPool pool, HistoryLimits limits) {
        this.pool = pool;
        this.limits = limits;
    }

    ManagedPool pool() {
        return pool;
    }

    void take(Event event) {
        byte[] line = EntryFile.line(EventMapper.view(event));
        events.addLast(line);
        eventBytes += line.length;
        while (eventBytes > limits.eventBytes() && events.size() > 1) {
            eventBytes -= events.removeFirst().length;
            droppedEvents++;
        }
        eventsAreNew = true;
        switch (event.data()) {
            case EventData.OperationStarted _, EventData.OperationEnded _ -> {
                // Its state is as before.
            }
            case EventData.Lost _ -> {
                eventsLost = true;
                stateIsNew = true; // what was lost may have been of its state
            }
            case EventData.PoolForgotten _ -> dropped = true;
            default -> stateIsNew = true;
        }
    }

    /** Whether nothing will happen to it any more; the event that says so may be one of those that were lost. */
    boolean isDone() {
        return dropped || (eventsLost && pool.isForgotten());
    }

    /** Looks at its state, before the events are taken that led to that: what follows is written the next time. */
    void look() {
        if (!over && pool.isOver()) { // what is complete only after its last event
            over = true;
            stateIsNew = true;
        }
        if (stateIsNew) {
            seen = Optional.of(brief(PoolMapper.view(pool)));
            stateIsNew = false;
        }
    }

    /** Whether its state or that of a rank has changed. */
    boolean isUrgent() {
        return seen.isPresent();
    }

    /** Writes the files that have changed; what cannot be written now is still to be written. */
    void write(HistoryFolder folder, RecordedDaemon daemon, Instant now) throws IOException {
        RingBuffer<PoolLog.Line> ring = pool.log().ring();
        long last = ring.lastSeq();
        if (last > writtenLine) {
            PrivateFile.replace(folder.lines(pool.id()), lines(ring.after(0)));
            writtenLine = last;
        }
        if (eventsAreNew) {
            PrivateFile.replace(folder.events(pool.id()), EntryFile.content(events, droppedEvents));
            eventsAreNew = false;
        }
        if (seen.isPresent()) {
            // Whoever sees the state finds all that led to it.
            write(folder, new PoolRecord(PoolRecord.FORMAT, now, daemon, seen.get()));
            seen = Optional.empty();
        }
    }

    static void write(HistoryFolder folder, PoolRecord record) throws IOException {
        byte[] content = Json.bytes(Masking.of(Json.mapper().valueToTree(record)));
        if (content.length > PoolRecord.MOST_BYTES) {
            throw new IOException("what is known of the pool " + record.pool().id() + " takes " + content.length
                    + " bytes, and at most " + PoolRecord.MOST_BYTES + " are written");
        }
        PrivateFile.replace(folder.state(record.pool().id()), content);
    }

    /** Newest first into the bytes that there are. */
    private byte[] lines(RingBuffer.Slice<PoolLog.Line> slice) {
        Deque<byte[]> kept = new ArrayDeque<>();
        long bytes = 0;
        for (PoolLog.Line line : slice.entries().reversed()) {
            byte[] one = EntryFile.line(EventMapper.line(line));
            bytes += one.length;
            if (bytes > limits.lineBytes() && !kept.isEmpty()) {
                break;
            }
            kept.addFirst(one);
        }
        return EntryFile.content(kept, slice.lastSeq() - kept.size());
    }

    /** Without what the lines tell, or what is true at one moment only. */
    private static PoolView brief(PoolView view) {
        return new PoolView(
                view.id(),
                view.name(),
                view.labels(),
                view.epoch(),
                view.state(),
                view.worldSize(),
                view.communicator(),
                view.shareDevices(),
                view.restart(),
                view.command(),
                view.launcher(),
                view.created(),
                view.joined(),
                view.ended(),
                view.gone(),
                Optional.empty(),
                view.reason(),
                view.failure()
                        .map(failure -> new PoolView.Failure(
                                failure.text(),
                                failure.ranks().stream().limit(MOST_FAILURES).toList())),
                view.ranks().stream()
                        .map(rank -> rank.recorded(rank.state(), List.of()))
                        .toList(),
                Optional.empty());
    }
}
