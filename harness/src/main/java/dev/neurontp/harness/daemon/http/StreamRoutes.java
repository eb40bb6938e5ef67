package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.LogLines;
import dev.neurontp.harness.api.PoolSummary;
import dev.neurontp.harness.daemon.event.Event;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.event.RingBuffer;
import dev.neurontp.harness.daemon.history.PastPool;
import dev.neurontp.harness.daemon.mapper.EventMapper;
import dev.neurontp.harness.daemon.mapper.PoolMapper;
import dev.neurontp.harness.daemon.pool.ManagedPool;
import dev.neurontp.harness.daemon.pool.PoolLog;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events and log lines: what is kept, and what comes. */
final class StreamRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRoutes.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final int MOST_LINES = 10_000;
    private static final int USUAL_LINES = 100;

    private final PoolRegistry registry;
    private final PastPoolViews past;
    private final EventLog events;
    private final int mostStreams;
    private final Duration keepAlive;
    private final Semaphore streams;

    StreamRoutes(PoolRegistry registry, PastPoolViews past, EventLog events, int mostStreams, Duration keepAlive) {
        this.registry = registry;
        this.past = past;
        this.events = events;
        this.mostStreams = mostStreams;
        this.keepAlive = keepAlive;
        this.streams = new Semaphore(mostStreams);
    }

    void events(Context context) throws InterruptedException {
        streamEvents(context, event -> true, () -> false);
    }

    void poolEvents(Context context) throws InterruptedException {
        Optional<PastPool> found = past.find(context.pathParam("id"));
        if (found.isPresent()) {
            Optional<String> since = since(context, QueryParameters.of(context, "since", "follow"));
            List<EventView> kept = past.events(found.get());
            stream(context, stream -> PastStreams.events(stream, kept, since));
            return;
        }
        String id = logged(context.pathParam("id")).id();
        streamEvents(
                context,
                event -> event.pool().map(subject -> subject.pool().equals(id)).orElse(isForAll(event)),
                () -> registry.starting(id).isEmpty() && registry.find(id).isEmpty());
    }

    /** A pool's lines, and what it is when they have ended. */
    private record Logged(String id, PoolLog log, Supplier<PoolSummary> summary) {
        private static Logged of(ManagedPool pool) {
            return new Logged(pool.id(), pool.log(), () -> PoolMapper.summary(pool));
        }
    }

    /** That of the pool with that id or name, which may be one that is being started: its launchers have something to say. */
    private Logged logged(String idOrName) {
        return registry.starting(idOrName)
                .map(pool -> new Logged(
                        pool.id(),
                        pool.log(),
                        () -> registry.find(pool.id())
                                .map(PoolMapper::summary)
                                .orElseGet(() -> PoolMapper.summary(pool))))
                .orElseGet(() -> Logged.of(registry.get(idOrName)));
    }

    private static boolean isForAll(Event event) {
        return event.data() instanceof EventData.Lost || event.data() instanceof EventData.DaemonStopping;
    }

    private void streamEvents(Context context, Predicate<Event> wanted, BooleanSupplier over)
            throws InterruptedException {
        QueryParameters query = QueryParameters.of(context, "since", "follow");
        Optional<String> since = since(context, query);
        boolean follow = query.flag("follow", true);
        long from = since.map(events::seqOf).orElseGet(() -> events.ring().lastSeq());
        stream(context, stream -> {
            long seq = from;
            RingBuffer.Slice<Event> slice = events.ring().after(seq);
            boolean more = true;
            boolean isOver = false;
            while (more) {
                if (slice.lost() > 0) {
                    send(
                            stream,
                            events.lost(
                                    slice.lost(),
                                    slice.lastSeq() - slice.entries().size()));
                }
                for (Event event : slice.entries()) {
                    if (wanted.test(event)) {
                        send(stream, event);
                    }
                }
                seq = slice.lastSeq();
                stream.flush();
                more = follow && !slice.closed() && !isOver;
                if (more) {
                    // Asked before the last events are taken: what says that it is over is among them.
                    isOver = over.getAsBoolean();
                    slice = isOver ? events.ring().after(seq) : next(stream, events.ring(), seq);
                }
            }
        });
    }

    private static Optional<String> since(Context context, QueryParameters query) {
        return Optional.ofNullable(context.header(LAST_EVENT_ID)).or(() -> query.text("since"));
    }

    private static void send(EventStream stream, Event event) throws IOException {
        EventView view = EventMapper.view(event);
        stream.event(view.id(), view.type(), view);
    }

    /** Whether a stream is asked for. */
    static boolean follows(Context context) {
        return ofLogs(context).flag("follow", false);
    }

    private static QueryParameters ofLogs(Context context) {
        return QueryParameters.of(context, "rank", "lines", "since", "follow");
    }

    void logs(Context context) throws InterruptedException {
        QueryParameters query = ofLogs(context);
        Optional<PastPool> ended = past.find(context.pathParam("id"));
        Optional<Long> rank = query.number("rank", Integer.MAX_VALUE);
        int most = query.number("lines", MOST_LINES).orElse((long) USUAL_LINES).intValue();
        boolean follow = query.flag("follow", false);
        Optional<Long> since = query.number("since", Long.MAX_VALUE)
                .or(() -> Optional.ofNullable(context.header(LAST_EVENT_ID))
                        .filter(id -> follow && id.matches("[0-9]{1,18}"))
                        .map(Long::valueOf));
        if (ended.isPresent()) {
            Predicate<LogLines.Line> asked =
                    line -> (rank.isEmpty() || rank.get() == line.rank()) && line.seq() > since.orElse(0L);
            LogLines kept = PastStreams.lines(past.lines(ended.get()), asked, most);
            if (follow) {
                stream(context, stream -> PastStreams.lines(stream, kept, ended.get()));
            } else {
                Responses.json(context, 200, kept);
            }
            return;
        }
        Logged logged = logged(context.pathParam("id"));
        Predicate<PoolLog.Line> wanted = line -> rank.isEmpty() || rank.get() == line.rank();
        RingBuffer<PoolLog.Line> ring = logged.log().ring();
        RingBuffer.Slice<PoolLog.Line> slice = ring.after(since.orElse(0L));
        List<PoolLog.Line> lines =
                newest(slice.entries().stream().filter(wanted).toList(), most);
        if (!follow) {
            long dropped = ring.after(0).lost();
            Responses.json(
                    context,
                    200,
                    new LogLines(lines.stream().map(EventMapper::line).toList(), slice.lastSeq(), dropped));
            return;
        }
        stream(context, stream -> {
            if (since.isPresent()) {
                sendLost(stream, slice);
            }
            sendLines(stream, lines);
            RingBuffer.Slice<PoolLog.Line> last = slice;
            while (!last.closed()) {
                last = next(stream, ring, last.lastSeq());
                sendLost(stream, last);
                sendLines(stream, last.entries().stream().filter(wanted).toList());
            }
            stream.event(
                    Long.toString(last.lastSeq()),
                    LogLines.END_EVENT,
                    logged.summary().get());
            stream.flush();
        });
    }

    private static void sendLost(EventStream stream, RingBuffer.Slice<PoolLog.Line> slice) throws IOException {
        if (slice.lost() > 0) {
            long before = slice.lastSeq() - slice.entries().size();
            stream.event(Long.toString(before), LogLines.LOST_EVENT, new LogLines.Lost(slice.lost()));
        }
    }

    private static void sendLines(EventStream stream, List<PoolLog.Line> lines) throws IOException {
        for (PoolLog.Line line : lines) {
            stream.event(Long.toString(line.seq()), LogLines.LINE_EVENT, EventMapper.line(line));
        }
        stream.flush();
    }

    private static List<PoolLog.Line> newest(List<PoolLog.Line> lines, int most) {
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private static <E> RingBuffer.Slice<E> next(EventStream stream, RingBuffer<E> ring, long seq)
            throws IOException, InterruptedException {
        RingBuffer.Slice<E> slice = ring.await(seq, stream.untilKeepAlive());
        stream.keepAlive();
        return slice;
    }

    @FunctionalInterface
    private interface Streaming {
        void run(EventStream stream) throws IOException, InterruptedException;
    }

    private void stream(Context context, Streaming streaming) throws InterruptedException {
        if (!streams.tryAcquire()) {
            throw new ApiException(
                    ErrorType.TOO_MANY_STREAMS,
                    mostStreams + " streams are open already: close one, or raise limits.streams",
                    ApiError.Detail.limit(mostStreams));
        }
        try {
            streaming.run(new EventStream(context, keepAlive));
        } catch (IOException e) {
            LOG.debug("a stream's reader went away: {}", e.getMessage());
        } finally {
            streams.release();
        }
    }
}
